// Commands that must fail well: one clear line, the right status, nothing left.

import { expect } from '@jest/globals';
import type { Ran, RunOptions } from './execute.js';
import { leftBehind } from './left-behind.js';
import type { Rig } from './rig.js';

/** The message in the only line that a command wrote; fails the test when there is more, or none. */
export function onlyLine({ stdout, stderr }: Ran): string {
  const lines = stderr.split('\n').filter(Boolean);
  expect({ stdout, lines }).toEqual({
    stdout: '',
    lines: [expect.stringContaining(' level=error ')],
  });
  const message = / msg=(".*")$/.exec(lines[0] ?? '')?.[1];
  const text: string = message === undefined ? '' : JSON.parse(message);
  // Lower case, no full stop, no line within, and no bug of ours.
  expect(text).toMatch(/^(?!internal error)[^\n\p{Lu}.][^\n]*[^\n.]$/u);
  return text;
}

/** The message of a command that was refused, after checking its status and that it left nothing. */
export async function refusal(
  rig: Rig,
  args: readonly string[],
  options: RunOptions & { status?: number } = {},
): Promise<string> {
  const ran = await rig.command(args, options);
  expect({ status: ran.status, stderr: ran.stderr }).toMatchObject({ status: options.status ?? 1 });
  expect(await leftBehind(rig)).toEqual([]);
  return onlyLine(ran);
}
