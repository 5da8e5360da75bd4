// What was done with one runtime, without what is different in each run.

import type { Ran } from '../rig/execute.js';

/** A command and what came of it. */
export interface Step {
  readonly words: string;
  readonly status: number;
  readonly stdout: string;
}

export interface Account {
  readonly steps: readonly Step[];
  /** Thrown by the body, or by the search for leftovers. */
  readonly error: unknown;
}

/** Collects the steps of one run. */
export class Transcript {
  readonly steps: Step[] = [];
  private readonly others = new Map<string, string>();
  private open = true;

  /** What is another text in each run, such as the token of the rig, and what is written for it. */
  forget(text: string, name: string): void {
    this.others.set(text, name);
  }

  /** Puts a command down; `show` is what of its output is the same in each run. */
  note<R extends Pick<Ran, 'status' | 'stdout'>>(
    words: readonly string[],
    ran: R,
    show: (stdout: string) => string = String,
  ): R {
    if (this.open) {
      const stdout = this.plain(show(ran.stdout));
      this.steps.push({ words: this.plain(words.join(' ')), status: ran.status, stdout });
    }
    return ran;
  }

  /** From here on commands are the caller's own clean-up. */
  close(): void {
    this.open = false;
  }

  private plain(text: string): string {
    let named = text;
    for (const [other, name] of this.others) named = named.replaceAll(other, name);
    return named.replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b/g, 'ID');
  }
}

/** Where a peer does other than this runtime, in words. */
export function difference(ours: Account, theirs: Account, peer: string): string | undefined {
  for (const [index, our] of ours.steps.entries()) {
    const their = theirs.steps[index];
    if (their === undefined) return `${peer} does not come to \`${our.words}\`: ${said(theirs)}`;
    if (our.words !== their.words) return `after other words: ${our.words}, ${their.words}`;
    if (our.status !== their.status) {
      return `\`${our.words}\`: exit ${our.status}, with ${peer} ${their.status}`;
    }
    if (our.stdout !== their.stdout) {
      const texts = [our.stdout, their.stdout].map((text) => JSON.stringify(text));
      return `\`${our.words}\`: prints ${texts[0]}, with ${peer} ${texts[1]}`;
    }
  }
  return theirs.error === undefined ? undefined : `with ${peer}: ${said(theirs)}`;
}

function said({ error }: Account): string {
  return String(error instanceof Error ? error.message : error);
}
