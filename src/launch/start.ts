// The other side of `await-start`: lets a container that was created go on.

import * as fs from 'node:fs';
import { Failed, type Failure, fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import { addon } from '../native/load.js';
import type { Listener } from '../plan/steps.js';
import { startFailure } from './explain-failure.js';
import { handToAgent } from './listener.js';
import { decodeMessage, END, GO_ON } from './messages.js';

/** For a filter that is loaded at `start` and asks an agent. */
export interface Agent {
  readonly listener: Listener | undefined;
  /** The container's process. */
  readonly pid: number;
}

/**
 * Connects to the start socket `name` in a state directory and waits until the program has been
 * executed. Why it could not be, or undefined. Throws `Failed` when nobody listens any more.
 */
export function releaseStart(directory: string, name: string, agent: Agent): Failure | undefined {
  const socket = connect(directory, name);
  try {
    // From here on init goes on whether or not this process lives: the container counts as started.
    fs.unlinkSync(`${directory}/${name}`);
    return converse(socket, agent);
  } finally {
    fs.closeSync(socket);
  }
}

function converse(socket: number, agent: Agent): Failure | undefined {
  for (;;) {
    const message = addon().receive(socket);
    if (message === null) return undefined;
    const decoded = decodeMessage(message.bytes);
    if (decoded.kind === 'failed') return startFailure(decoded, addon());
    if (decoded.kind !== 'listener') throw new Error(`init says ${decoded.kind} to start`);
    const failure = passListener(agent, message.fds[0] ?? -1);
    addon().send(socket, failure === undefined ? GO_ON : END);
    if (failure === undefined) continue;
    addon().receive(socket);
    return failure;
  }
}

function passListener({ listener, pid }: Agent, descriptor: number): Failure | undefined {
  if (listener === undefined) throw new Error('init has a listener that nobody asked for');
  try {
    handToAgent(listener, pid, descriptor);
    return undefined;
  } catch (error) {
    if (error instanceof Failed) return error.failure;
    throw error;
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
