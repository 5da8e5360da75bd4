// The other side of `await-start`: lets a container that was created go on.

import * as fs from 'node:fs';
import { Failed, fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import { startFailure } from './explain-failure.js';
import { decodeMessage } from './messages.js';

/**
 * Connects to the start socket `name` in a state directory and waits until the program has been
 * executed. Throws `Failed` when it could not be, and when nobody listens any more.
 */
export function releaseStart(directory: string, name: string): void {
  const socket = connect(directory, name);
  try {
    // From here on init goes on whether or not this process lives: the container counts as started.
    fs.unlinkSync(`${directory}/${name}`);
    const message = addon().receive(socket);
    if (message === null) return;
    const decoded = decodeMessage(message.bytes);
    if (decoded.kind === 'failed') throw new Failed(startFailure(decoded, addon()));
  } finally {
    fs.closeSync(socket);
  }
}

function connect(directory: string, name: string): number {
  const fd = fs.openSync(directory, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    return addon().connect(fd, name);
  } catch (error) {
    if (codeOf(error) !== 'ECONNREFUSED') throw error;
    fs.unlinkSync(`${directory}/${name}`);
    return fail({ doing: 'start', cause: 'the container no longer waits to be started' });
  } finally {
    fs.closeSync(fd);
  }
}
