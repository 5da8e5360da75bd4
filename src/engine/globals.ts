// What src/ expects to be there without an import: `process`, TextEncoder and TextDecoder.

import system from 'sampan:system';

// Set by the engine's host (addon/engine/globals.cc).
declare function utf8Encode(text: string): Uint8Array<ArrayBuffer>;
declare function utf8Decode(bytes: Uint8Array): string;

let words: readonly string[] = [];
let environment: Record<string, string> | undefined;

export const process = {
  /** The program and the script come first, as under Node. */
  get argv(): string[] {
    return [this.argv0, 'sampan', ...words.slice(1)];
  },
  get argv0(): string {
    return words[0] ?? 'sampan';
  },
  get execPath(): string {
    return system.readlink('/proc/self/exe');
  },
  get env(): Record<string, string> {
    environment ??= system.environment();
    return environment;
  },
  get pid(): number {
    return system.pid();
  },
  get ppid(): number {
    return system.ppid();
  },
  geteuid: system.euid,
  getegid: system.egid,
  cwd: system.cwd,
  exit: system.exit,
};

/** What a process has of its own, and a snapshot has not; `argv` as main(3) gets it. */
export function beginProcess(argv: readonly string[]): void {
  system.begin();
  words = argv;
}

export class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer> {
    return utf8Encode(text);
  }
}

/** Of UTF-8, with a byte order mark left where it is. */
export class TextDecoder {
  decode(bytes: Uint8Array): string {
    return utf8Decode(bytes);
  }
}

/** What the engine throws when the stack is full is a RangeError elsewhere. */
declare const InternalError: ErrorConstructor;
Object.setPrototypeOf(InternalError.prototype, RangeError.prototype);

// It would count on from the same number in each process.
delete (Math as { random?: unknown }).random;

Object.assign(globalThis, { process, TextEncoder, TextDecoder });
