import * as fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { list } from '../../src/container/list.js';
import { state } from '../../src/container/state.js';
import {
  claim,
  find,
  listIds,
  load,
  readConfig,
  removeDirectory,
  reserve,
  saveConfig,
  savePid,
} from '../../src/container/store.js';
import { recordFor, reserveFor, self, temporaryDirectory } from './temporary.js';

const base = temporaryDirectory();
let count = 0;
const newRoot = () => `${base}/root-${++count}`;
const context = (root: string) => ({ root, cgroupManager: 'disabled' as const });
const dead = { pid: process.pid, startTime: 1 };

describe('the state root', () => {
  test('is made for its owner alone, with parents', () => {
    const root = `${newRoot()}/deep/er`;
    reserveFor(root, recordFor('a'));
    expect(fs.statSync(root).mode & 0o777).toBe(0o700);
    expect(fs.statSync(`${root}/a`).mode & 0o7777).toBe(0o700);
  });

  test.each([0o777, 0o1777, 0o770])('with mode %o is refused', (mode) => {
    const root = newRoot();
    fs.mkdirSync(root);
    fs.chmodSync(root, mode);
    expect(() => reserveFor(root, recordFor('a'))).toThrow('writable by other users');
    expect(() => find(root, 'a')).toThrow('writable by other users');
    expect(fs.readdirSync(root)).toEqual([]);
  });

  test('that is a symbolic link is refused', () => {
    const root = newRoot();
    fs.symlinkSync(base, root);
    expect(() => reserveFor(root, recordFor('a'))).toThrow('not a directory');
  });

  test('that does not exist holds no container, and reading does not make it', () => {
    const root = newRoot();
    expect(listIds(root)).toEqual([]);
    expect(() => load(root, 'a')).toThrow('container "a" does not exist');
    expect(fs.existsSync(root)).toBe(false);
  });
});

describe('a reservation', () => {
  test('that was removed and made anew belongs to who claims it first', () => {
    const root = newRoot();
    const path = reserve(root, 'a');
    fs.rmdirSync(path);
    reserve(root, 'a');
    claim(path, recordFor('a', { bundle: '/second' }));
    expect(() => claim(path, recordFor('a', { bundle: '/first' }))).toThrow('already exists');
    expect(load(root, 'a').record?.bundle).toBe('/second');
  });

  test('keeps the record and the exact bytes of the configuration', () => {
    const root = newRoot();
    const text = '{ "a": 18446744073709551615,\n"ä": 1 }';
    const record = recordFor('a', { annotations: { k: 'v' }, cgroup: '/c' });
    saveConfig(reserveFor(root, record), text);
    const stored = load(root, 'a');
    expect(stored.record).toEqual(record);
    expect(readConfig(stored)).toBe(text);
  });

  test('of an id in use is refused and changes nothing', () => {
    const root = newRoot();
    saveConfig(reserveFor(root, recordFor('a')), 'first');
    expect(() => reserveFor(root, recordFor('a'))).toThrow('container with id "a" already exists');
    expect(readConfig(load(root, 'a'))).toBe('first');
  });

  test('leaves no temporary name', () => {
    const root = newRoot();
    const path = reserveFor(root, recordFor('a'));
    saveConfig(path, '{}');
    savePid(path, self());
    expect(fs.readdirSync(path).sort()).toEqual(['config.json', 'pid', 'state.json']);
  });

  test('never writes through a link that stands in its way', () => {
    const root = newRoot();
    fs.mkdirSync(root, { mode: 0o700 });
    fs.symlinkSync(base, `${root}/a`);
    expect(() => reserveFor(root, recordFor('a'))).toThrow('already exists');
    expect(() => find(root, 'a')).toThrow('not a directory');
    expect(listIds(root)).toEqual([]);
  });
});

describe('a state directory left half made', () => {
  const half = {
    'without a record': (root: string) => fs.mkdirSync(`${root}/h`, { recursive: true }),
    'with a record that is cut off': (root: string) => {
      reserveFor(root, recordFor('h'));
      fs.truncateSync(`${root}/h/state.json`, 20);
    },
    'without a process, its creator gone': (root: string) =>
      void reserveFor(root, recordFor('h', { creator: dead })),
  };
  test.each(Object.entries(half))('%s is reported with the way to remove it', (_, make) => {
    const root = newRoot();
    make(root);
    fs.chmodSync(root, 0o700);
    expect(() => state(context(root), 'h')).toThrow(/left half made.*delete --force h/);
  });

  test('is left out of the list', () => {
    const root = newRoot();
    reserveFor(root, recordFor('b'));
    reserveFor(root, recordFor('h', { creator: dead }));
    reserveFor(root, recordFor('a'));
    expect(list(context(root)).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('the state', () => {
  test('is creating while its creator lives and there is no process', () => {
    const root = newRoot();
    reserveFor(root, recordFor('a'));
    expect(state(context(root), 'a')).toMatchObject({ status: 'creating', pid: 0 });
  });

  test('is created while it can be started, then running', () => {
    const root = newRoot();
    const path = reserveFor(root, recordFor('a'));
    savePid(path, self());
    fs.writeFileSync(`${path}/start.sock`, '');
    expect(state(context(root), 'a')).toMatchObject({ status: 'created', pid: process.pid });
    fs.unlinkSync(`${path}/start.sock`);
    expect(state(context(root), 'a')).toMatchObject({ status: 'running', pid: process.pid });
  });

  test('is stopped when the pid belongs to another process by now', () => {
    const root = newRoot();
    savePid(reserveFor(root, recordFor('a')), dead);
    expect(state(context(root), 'a')).toMatchObject({ status: 'stopped', pid: 0 });
  });

  test('has the properties of runc, no more', () => {
    const root = newRoot();
    savePid(reserveFor(root, recordFor('a', { annotations: { x: 'y' } })), self());
    expect(state(context(root), 'a')).toEqual({
      ociVersion: '1.3.0',
      id: 'a',
      pid: process.pid,
      status: 'running',
      bundle: '/b',
      rootfs: '/b/rootfs',
      created: '2026-01-01T00:00:00.000Z',
      annotations: { x: 'y' },
      owner: 'root',
    });
  });
});

describe('the removal of a state directory', () => {
  test('that another is faster with is fine', () => {
    expect(() => removeDirectory(`${base}/nothing`)).not.toThrow();
  });

  test('removes links, not what they point to', () => {
    const root = newRoot();
    const path = reserveFor(root, recordFor('a'));
    const other = `${base}/other`;
    fs.writeFileSync(other, 'kept');
    fs.symlinkSync(other, `${path}/link`);
    removeDirectory(path);
    expect(fs.existsSync(path)).toBe(false);
    expect(fs.readFileSync(other, 'utf8')).toBe('kept');
  });
});
