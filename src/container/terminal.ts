// Who gets the other end of the container's terminal.

import { fail } from '../failure.js';

/**
 * A detached process cannot be relayed, so its terminal's master goes to `--console-socket`;
 * nothing else ever does.
 */
export function checkTerminal(
  terminal: boolean,
  detached: boolean,
  socket: string | undefined,
): void {
  if (terminal && detached && socket === undefined) {
    fail({
      doing: 'set up the terminal',
      cause:
        'cannot allocate tty: this command returns before the process ends, and there is no console socket',
      remedy: 'give --console-socket, or set process.terminal to false',
    });
  }
  if (socket === undefined || (terminal && detached)) return;
  fail({
    doing: 'set up the terminal',
    path: socket,
    cause: terminal
      ? 'a console socket is only for a container that is detached from'
      : 'a console socket was given, but the process has no terminal',
    remedy: terminal
      ? 'leave --console-socket out, or use --detach'
      : 'set process.terminal to true',
  });
}
