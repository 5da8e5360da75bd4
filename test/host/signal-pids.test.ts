// Signals to a list of processes whose pids may change hands while it is read.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { signalPids } from '../../src/host/signal-pids.js';

const children: ChildProcess[] = [];

function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60']);
  children.push(child);
  return child as ChildProcess & { pid: number };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a signal to all of a list', () => {
  test('reaches each process that is still in it', async () => {
    const two = [sleeper(), sleeper()];
    const ended = Promise.all(two.map((child) => once(child, 'exit')));
    expect(signalPids(() => two.map(({ pid }) => pid), 15)).toBe(2);
    expect((await ended).map(([, signal]) => signal)).toEqual(['SIGTERM', 'SIGTERM']);
  });

  test('spares a process that has the pid of one that was in it', async () => {
    const [member, stranger] = [sleeper(), sleeper()];
    const lists = [[member.pid, stranger.pid], [member.pid]];
    const ended = once(member, 'exit');
    expect(signalPids(() => lists.shift() ?? [], 15)).toBe(1);
    await ended;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(stranger.kill(0)).toBe(true);
  });

  test('passes over what has ended, and what no pidfd can be had of', () => {
    expect(signalPids(() => [4_194_305, 0], 15)).toBe(0);
  });
});
