// What a part of the load has found.

import { leftBehind } from '../rig/left-behind.js';
import type { Rig } from '../rig/rig.js';

/** A row of the table. */
export interface Finding {
  readonly what: string;
  /** Of each command, in milliseconds; none where time means nothing. */
  readonly times: readonly number[];
  /** How often it was done. */
  readonly count: number;
  /** Each promise that was broken, in words. */
  readonly broken: readonly string[];
  /** What was left over. */
  readonly left: readonly string[];
}

/** Collects what commands do that should have succeeded. */
export class Ledger {
  readonly times: number[] = [];
  readonly broken: string[] = [];
  readonly left: string[] = [];
  count = 0;

  constructor(private readonly what: string) {}

  /** Runs a command that has to succeed, and keeps its time. */
  async timed(rig: Rig, args: readonly string[]): Promise<void> {
    const start = performance.now();
    await this.succeeds(rig, args);
    this.times.push(performance.now() - start);
    this.count += 1;
  }

  /** Runs a command that has to succeed. */
  async succeeds(rig: Rig, args: readonly string[], context = ''): Promise<boolean> {
    const { status, stderr } = await rig.command(args);
    if (status !== 0) this.broken.push(`${context}${args.join(' ')}: ${status} ${stderr.trim()}`);
    return status === 0;
  }

  /** Looks for what is left. */
  async nothingIsLeft(rig: Rig, context = ''): Promise<void> {
    this.left.push(...(await leftBehind(rig)).map((what) => `${context}${what}`));
  }

  finding(): Finding {
    const { what, times, count, broken, left } = this;
    return { what, times, count, broken, left };
  }
}
