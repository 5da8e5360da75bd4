import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { isAlive, parseStat, signalProcess, statProcess } from '../../src/host/process.js';

describe('/proc/PID/stat', () => {
  test('is read from the last parenthesis, whatever a process calls itself', () => {
    const tail = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 20';
    expect(parseStat(`77 (a) S 5) R ${tail}`)).toEqual({
      pid: 77,
      name: 'a) S 5',
      state: 'R',
      parent: 1,
      startTime: 4242,
    });
  });

  test('of this process names its parent', () => {
    expect(statProcess(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
  });

  test('of a pid that is not in use is null', () => {
    expect(statProcess(4_194_305)).toBeNull();
  });
});

describe('a process identity', () => {
  test('is dead when the pid has another start time', () => {
    const stat = statProcess(process.pid);
    if (stat === null) throw new Error('no /proc');
    expect(isAlive(stat)).toBe(true);
    expect(isAlive({ ...stat, startTime: stat.startTime - 1 })).toBe(false);
  });

  test('a recycled pid is never signalled', async () => {
    const child = spawn('sleep', ['60']);
    try {
      const stat = statProcess(child.pid ?? 0);
      if (stat === null) throw new Error('no child');
      expect(signalProcess({ pid: stat.pid, startTime: stat.startTime + 1 }, 15)).toBe(false);
      expect(isAlive(stat)).toBe(true);
      const ended = once(child, 'exit');
      expect(signalProcess(stat, 15)).toBe(true);
      expect((await ended)[1]).toBe('SIGTERM');
      expect(signalProcess(stat, 15)).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
