import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  isFrozen,
  isPopulated,
  killCgroup,
  listProcesses,
  openCgroup,
  openCgroupOf,
  removeCgroup,
  removeEmptyCgroup,
  setFrozen,
  takesProcesses,
} from '../../src/cgroup/cgroup.js';
import { createCgroup } from '../../src/cgroup/create.js';
import { destroyCgroup, signalCgroup } from '../../src/cgroup/stop.js';
import { cgroupLayout } from '../../src/host/cgroup-layout.js';
import { statProcess } from '../../src/host/process.js';
import { needs } from '../rig/needs.js';
import { until } from '../rig/until.js';

const { mount } = cgroupLayout();
const base = `${mount}/sampan-unit-${process.pid}`;
const here = needs('unit', writable(), 'no cgroup2 that may be written to');

function writable(): boolean {
  if (mount === undefined) return false;
  try {
    fs.mkdirSync(base);
    fs.rmdirSync(base);
    return true;
  } catch {
    return false;
  }
}

const children: ChildProcess[] = [];

/** A process that sleeps in the cgroup. */
function sleeper(path: string): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60']);
  children.push(child);
  if (child.pid === undefined) throw new Error('no sleep');
  fs.writeFileSync(`${path}/cgroup.procs`, String(child.pid));
  return child as ChildProcess & { pid: number };
}

function make(path = base): void {
  fs.closeSync(createCgroup(path));
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (mount !== undefined && fs.existsSync(base)) {
    expect(await until(() => removeCgroup(base, 0))).toBe(true);
  }
});

describe('the cgroup of a container', () => {
  here('is made with those above it, and its directory is open', () => {
    const fd = createCgroup(`${base}/a/b`);
    expect(fs.readlinkSync(`/proc/self/fd/${fd}`)).toBe(`${base}/a/b`);
    fs.closeSync(fd);
  });

  here('may be there already when nothing is in it', () => {
    make();
    expect(() => make()).not.toThrow();
  });

  here('is refused when other processes are in it, and they stay', () => {
    make();
    const { pid } = sleeper(base);
    expect(() => make()).toThrow('processes of something else are in this cgroup');
    expect(listProcesses(base)).toEqual([pid]);
  });

  here('is refused when other processes are below it', () => {
    make(`${base}/below`);
    sleeper(`${base}/below`);
    expect(() => make()).toThrow('processes of something else');
  });

  test('is not made where no cgroup2 file system is', () => {
    expect(() => make('/tmp/sampan-not-a-cgroup')).toThrow('not on a cgroup2 file system');
    expect(fs.existsSync('/tmp/sampan-not-a-cgroup')).toBe(false);
  });

  test.each(['relative', '/sys/fs/cgroup/../../x', '/sys/fs/cgroup//x', '/sys/fs/cgroup/./x', '/'])(
    'is not made at %s',
    (path) => {
      expect(() => make(path)).toThrow('not an absolute path');
    },
  );
});

describe('the processes in a cgroup', () => {
  here('are listed with those below', () => {
    make(`${base}/below`);
    const pids = [sleeper(base).pid, sleeper(`${base}/below`).pid];
    expect(listProcesses(base).sort()).toEqual(pids.sort());
    expect(isPopulated(base)).toBe(true);
  });

  here('all get a signal, each once', async () => {
    make(`${base}/below`);
    sleeper(base);
    sleeper(`${base}/below`);
    expect(signalCgroup(base, 15)).toBe(true);
    expect(await until(() => !isPopulated(base))).toBe(true);
    expect(isFrozen(base)).toBe(false);
  });

  here('are frozen and thawed', async () => {
    make();
    const { pid } = sleeper(base);
    expect(setFrozen(base, true, 2000)).toBe(true);
    expect(isFrozen(base)).toBe(true);
    expect(setFrozen(base, false, 2000)).toBe(true);
    expect(await until(() => statProcess(pid)?.state === 'S')).toBe(true);
  });

  here('are killed while frozen', async () => {
    make();
    sleeper(base);
    setFrozen(base, true, 2000);
    expect(killCgroup(base)).toBe(true);
    expect(await until(() => !isPopulated(base))).toBe(true);
  });

  here('know where they are', () => {
    make(`${base}/below`);
    const { pid } = sleeper(`${base}/below`);
    const fd = openCgroupOf(pid, base) ?? -1;
    expect(fs.readlinkSync(`/proc/self/fd/${fd}`)).toBe(`${base}/below`);
    fs.closeSync(fd);
    expect(openCgroupOf(process.pid, base)).toBeNull();
    expect(takesProcesses(base)).toBe(true);
  });

  test('are none in a cgroup that is gone', () => {
    expect(listProcesses('/sys/fs/cgroup/none')).toEqual([]);
    expect(openCgroup('/sys/fs/cgroup/none')).toBeNull();
    expect(openCgroupOf(process.pid, '/sys/fs/cgroup/none')).toBeNull();
    expect(killCgroup('/sys/fs/cgroup/none')).toBe(true);
  });
});

describe('the end of a cgroup', () => {
  here('takes its processes and the cgroups below with it', async () => {
    make(`${base}/a/b`);
    sleeper(`${base}/a/b`);
    sleeper(base);
    // The dead are reaped by this process, which needs its event loop for that.
    expect(destroyCgroup(base, 50) || (await until(() => destroyCgroup(base, 0)))).toBe(true);
    expect(fs.existsSync(base)).toBe(false);
  });

  here('that is only a tidying-up leaves processes and cgroups below alone', () => {
    make(`${base}/below`);
    removeEmptyCgroup(base, 20);
    expect(fs.existsSync(`${base}/below`)).toBe(true);
    const { pid } = sleeper(`${base}/below`);
    removeEmptyCgroup(`${base}/below`, 20);
    expect(listProcesses(base)).toEqual([pid]);
  });

  here('can be asked for twice', () => {
    make();
    expect(destroyCgroup(base, 100)).toBe(true);
    expect(destroyCgroup(base, 100)).toBe(true);
  });
});
