// Joining a group of resctrl, in a directory that has its files. What only the kernel does — the
// files of a new group, the leaving of processes that end — is not to be seen here.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseResctrl } from '../../src/host/resctrl.js';
import { joinResctrl, removeResctrl } from '../../src/launch/resctrl.js';

let mount = '';

beforeEach(() => {
  mount = fs.mkdtempSync(join(tmpdir(), 'sampan-resctrl-'));
});

afterEach(() => {
  fs.rmSync(mount, { recursive: true });
});

const group = (name: string, more: Partial<Parameters<typeof joinResctrl>[0]> = {}) => ({
  ...({ step: 'join-resctrl', path: `${mount}/${name}`, make: true } as const),
  ...{ base: [], schemata: [], monitor: '', ...more },
});

function joined(...args: Parameters<typeof group>): string[] {
  const made: string[] = [];
  joinResctrl(group(...args), 4711, (path) => made.push(path.slice(mount.length + 1)));
  return made;
}

const read = (path: string) => fs.readFileSync(`${mount}/${path}`, 'utf8');

function existing(name: string, schemata: string): void {
  fs.mkdirSync(`${mount}/${name}`);
  fs.writeFileSync(`${mount}/${name}/schemata`, schemata);
}

describe('a group of resctrl', () => {
  test('that is missing is made: cache and bandwidth first, then schemata, then the process', () => {
    const schemata = ['L2:0=f', 'MB:0=10'];
    expect(joined('new', { base: ['L3:0=7f0;1=1f', 'MB:0=20'], schemata })).toEqual(['new']);
    expect(read('new/schemata')).toBe('L3:0=7f0;1=1f\nMB:0=20\nL2:0=f\nMB:0=10\n');
    expect(read('new/tasks')).toBe('4711');
  });

  test('of which nothing is asked gets no schemata', () => {
    joined('plain');
    expect(fs.readdirSync(`${mount}/plain`)).toEqual(['tasks']);
  });

  test('that is there is joined as it is, when it has what is asked for', () => {
    existing('shared', '    MB:0= 20;1=100\n    L3:0=007f0;1=0001f\n');
    expect(joined('shared', { base: ['L3:1=1F;0=7f0', 'MB:0=20'] })).toEqual([]);
    expect(read('shared/schemata')).toBe('    MB:0= 20;1=100\n    L3:0=007f0;1=0001f\n');
    expect(read('shared/tasks')).toBe('4711');
  });

  test.each([
    ['another value', 'L3:0=7ff', 'L3:0 is 7f0, not 7ff'],
    ['another cache', 'L3:1=7f0', 'L3:1 is not there, not 7f0'],
    ['another resource', 'L2:0=7f0', 'L2:0 is not there, not 7f0'],
  ])('that is there with %s is not joined', (_, line, message) => {
    existing('shared', 'L3:0=7f0\n');
    expect(() => joined('shared', { base: [line] })).toThrow(message);
    expect(fs.existsSync(`${mount}/shared/tasks`)).toBe(false);
  });

  test('that is only named must be there', () => {
    expect(() => joined('theirs', { make: false })).toThrow('there is no such group');
    expect(fs.readdirSync(mount)).toEqual([]);
  });

  test('can have one below that monitors, once the process is in it', () => {
    fs.mkdirSync(`${mount}/watched/mon_groups`, { recursive: true });
    const monitor = `${mount}/watched/mon_groups/web`;
    expect(joined('watched', { monitor })).toEqual(['watched/mon_groups/web']);
    expect(read('watched/mon_groups/web/tasks')).toBe('4711');
    expect(read('watched/tasks')).toBe('4711');
    expect(joined('watched', { monitor })).toEqual([]);
  });

  test('is left alone at the end while processes are in it, and may be gone', () => {
    joined('busy');
    removeResctrl([`${mount}/busy`, `${mount}/gone`]);
    expect(read('busy/tasks')).toBe('4711');
  });
});

test('the mount point is found by its type', () => {
  const other = '25 30 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw';
  expect(parseResctrl(other)).toBeUndefined();
  const line = '41 25 0:36 / /sys/fs/resctrl rw,relatime - resctrl resctrl rw';
  expect(parseResctrl(`${other}\n${line}\n`)).toBe('/sys/fs/resctrl');
});
