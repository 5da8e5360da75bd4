// What a command prints on stdout.

import { attempt, codeOf } from '../host/system-failure.js';
import { writeAll } from '../output.js';

/** Status of a program that SIGPIPE has ended, as a shell gives it. */
const BROKEN_PIPE = 128 + 13;

/** Prints to stdout; fails when it cannot be written, since callers take silence for "nothing". */
export function print(text: string): void {
  attempt({ doing: 'write the output' }, () => {
    try {
      writeAll(1, text);
    } catch (error) {
      // The reader has seen enough (`sampan list | head -1`); the engine ignores SIGPIPE.
      if (codeOf(error) === 'EPIPE') process.exit(BROKEN_PIPE);
      throw error;
    }
  });
}
