// The other side of `await-start`: lets a container that was created go on.

import * as fs from 'node:fs';
import { type Failure, fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import { startFailure } from './explain-failure.js';
import { decodeMessage } from './messages.js';

/**
 * Connects to the start socket `name` in a state directory and waits until the program has been
 * executed. Why it could not be, or undefined. Throws `Failed` when nobody listens any more.
 */
export function releaseStart(directory: string, name: string): Failure | undefined {
  const socket = connect(directory, name);
  try {
    // From here on init goes on whether or not this process lives: the container counts as started.
    fs.unlinkSync(`${directory}/${name}`);
    const message = addon().receive(socket);
    if (message === null) return undefined;
    const decoded = decodeMessage(message.bytes);
    return decoded.kind === 'failed' ? startFailure(decoded, addon()) : undefined;
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
