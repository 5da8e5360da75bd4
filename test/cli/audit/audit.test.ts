// Facts = findings. UPDATE_GOLDEN=1 writes the tables down anew: review the diff.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { AuditFacts } from '../../../src/cli/audit/facts.js';
import { hostPath, mountOn, parseMountinfo } from '../../../src/cli/audit/mountinfo.js';
import { auditJson, auditOf, auditTable, hasSevere } from '../../../src/cli/audit/output.js';
import { parseStatus } from '../../../src/cli/audit/status.js';
import { fixtures } from '../check/hosts.js';
import { container, containers, status } from './containers.js';

const folder = `${fixtures}audit`;
const cases = Object.entries(containers);

if (process.env.UPDATE_GOLDEN === '1') {
  mkdirSync(folder, { recursive: true });
  for (const [name, facts] of cases)
    writeFileSync(`${folder}/${name}.txt`, auditTable(auditOf(facts)));
}

test.each(cases)('%s', (name, facts) => {
  expect(auditTable(auditOf(facts))).toBe(readFileSync(`${folder}/${name}.txt`, 'utf8'));
});

test('no table is left without its container', () => {
  expect(readdirSync(folder).sort()).toEqual(cases.map(([name]) => `${name}.txt`).sort());
});

/** Whether a pointer leads to something, or its last name is all that is not there. */
function leads(pointer: string, document: unknown): boolean {
  const names = pointer.slice(1).split('/');
  let at = document as Record<string, unknown> | undefined;
  for (const name of names.slice(0, -1)) at = at?.[name] as typeof at;
  return at !== undefined;
}

describe.each(cases)('of the container %s', (_, facts) => {
  const audit = auditOf(facts);

  test('places are those of config.json', () => {
    for (const { pointer } of [...audit.grants, ...audit.warnings])
      if (pointer !== undefined)
        expect({ pointer, leads: leads(pointer, facts.config) }).toEqual({ pointer, leads: true });
  });

  test('warnings are one line each, the severe ones first', () => {
    const names = audit.warnings.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const { meaning } of audit.warnings) expect(meaning).toMatch(/^[^\n]+$/);
    const severities = audit.warnings.map(({ severity }) => severity);
    expect(severities).toEqual([...severities].sort().reverse());
  });

  test('JSON holds the same', () => {
    const document = JSON.parse(auditJson(audit, facts));
    expect(document).toMatchObject({ id: 'web', pid: 100, severe: hasSevere(audit) });
    expect(document.warnings).toEqual(audit.warnings);
    expect(document.grants).toEqual(audit.grants);
  });
});

describe('warnings', () => {
  const named = (facts: AuditFacts) =>
    Object.fromEntries(auditOf(facts).warnings.map((warning) => [warning.name, warning]));
  const mounted = (line: string, facts: Partial<AuditFacts> = {}) =>
    named(container({ mounts: `400 276 ${line}\n`, facts }));

  test('what is only in the bounding set counts where a program can get it', () => {
    const text = status('0000000000000000').replace(/CapBnd:.*/, 'CapBnd:\t0000000000200000');
    expect(named(container({ status: text }))['CAP_SYS_ADMIN']).toBeUndefined();
    const open = named(container({ status: text.replace('NoNewPrivs:\t1', 'NoNewPrivs:\t0') }));
    expect(open['CAP_SYS_ADMIN']?.meaning).toMatch(/once a set-user-ID program was executed$/);
  });

  test('a process that exec brought counts', () => {
    const others = [parseStatus(status('0000000000010000', { pid: 120 }))];
    expect(named(container({ others }))['CAP_SYS_MODULE']?.severity).toBe('severe');
  });

  test('a user without a way to root writes no file of the kernel', () => {
    const open = (uid: number) =>
      container({
        status: status('0000000000000000', { uid }),
        mounts: '400 277 0:65 /sys /proc/sys rw - proc proc rw\n',
      });
    const name = 'writable /proc/sys/kernel/core_pattern';
    expect(named(open(0))[name]?.severity).toBe('severe');
    expect(named(open(1000))[name]).toBeUndefined();
  });

  test('root of another user namespace is not root of the host', () => {
    const facts = { uidMap: '0 100000 65536\n', gidMap: '0 100000 65536\n' };
    const own = container({
      own: ['user', 'mnt'],
      status: status('000001ffffffffff', { uid: 100000 }),
      mounts: '400 277 0:65 /sys /proc/sys rw - proc proc rw\n401 276 0:30 / /c rw - cgroup c rw\n',
      facts,
    });
    expect(hasSevere(auditOf(own))).toBe(false);
    // Unless it is mapped to it.
    const all = { ...own, uidMap: '0 0 65536\n', processes: container().processes };
    expect(Object.keys(named(all))).toContain('writable /c');
  });

  test('sockets below a directory that is mounted', () => {
    const { 'docker.sock': warning } = mounted('0:23 / /mnt/run ro - tmpfs tmpfs rw');
    expect(warning?.meaning).toContain('/mnt/run/docker.sock');
    expect(mounted('0:23 /user /mnt/run ro - tmpfs tmpfs rw')['docker.sock']).toBeUndefined();
  });

  test.each([
    ['254:0 / /mnt rw - ext4 v rw', true],
    ['254:0 / /mnt ro - ext4 v rw', false],
    ['254:0 / /mnt rw - ext4 v ro', false],
    ['254:0 /usr/local /mnt rw - ext4 v rw', true],
    ['254:0 /var /mnt rw - ext4 v rw', true],
    ['254:0 /var/lib/docker/volumes/x /mnt rw - ext4 v rw', false],
    ['254:0 /srv/data /mnt rw - ext4 v rw', false],
    ['254:1 / /mnt rw - ext4 v rw', true],
    ['254:1 /ann/data /mnt rw - ext4 v rw', false],
    ['0:99 / /mnt rw - tmpfs v rw', false],
  ])('files of the host: %s', (line, warned) => {
    expect(mounted(line)['writable /mnt'] !== undefined).toBe(warned);
  });

  test('a root filesystem is no directory of the host because it lies in one', () => {
    const rootfs = (root: string) => {
      const mounts = parseMountinfo(`276 47 254:0 ${root} / rw - ext4 v rw\n`);
      return named(container({ facts: { mounts } }))['writable /'];
    };
    expect(rootfs('/usr/share/image')).toBeUndefined();
    expect(rootfs('/')).toMatchObject({ severity: 'severe', pointer: '/root' });
  });

  test('a mount that shares with the host', () => {
    const line = '400 276 254:0 /srv /mnt rw shared:1 - ext4 v rw\n';
    const facts = container({ mounts: line, status: status('0000000000200000') });
    expect(named(facts)['shared /mnt']?.severity).toBe('notable');
    expect(named(container({ mounts: line }))['shared /mnt']).toBeUndefined();
  });

  test('a profile that is not in force', () => {
    const { config } = containers['profiled'] as AuditFacts;
    const { 'seccomp not in force': warning } = named({ ...container(), config });
    expect(warning).toMatchObject({ severity: 'severe', pointer: '/linux/seccomp' });
  });

  test('nothing keeps what is unconfined', () => {
    const { host } = container();
    const facts = { host: { ...host, confines: true }, label: 'unconfined' };
    expect(named(container({ facts }))['unconfined']?.pointer).toBe('/process/apparmorProfile');
    expect(
      named(container({ facts: { ...facts, label: 'web (enforce)' } }))['unconfined'],
    ).toBeUndefined();
  });

  test('a namespace that may not be looked at is not taken for one of its own', () => {
    const namespaces = { ...container().namespaces, user: null };
    const facts = container({ facts: { namespaces }, status: status('0000000000200000') });
    expect(named(facts)['CAP_SYS_ADMIN']?.severity).toBe('severe');
    expect(auditTable(auditOf(facts))).toMatch(/user +unknown/);
  });
});

test('mounts are those that can be seen', () => {
  const text = ['/', '/a', '/a/b', '/a'].map((target, i) => `1 2 0:${i} / ${target} rw - t s rw`);
  const mounts = parseMountinfo(text.join('\n'));
  const on = (path: string) => mountOn(mounts, path)?.device;
  expect([on('/'), on('/a'), on('/a/c'), on('/ab'), on('/a/b/c')]).toEqual([
    ...['0:0', '0:3', '0:3', '0:0', '0:2'],
  ]);
});

test('blanks in mountinfo', () => {
  expect(parseMountinfo('1 2 0:1 /x\\040y /a\\134b rw - t s rw\n')).toMatchObject([
    { root: '/x y', target: '/a\\b' },
  ]);
});

test('the place of a mount on the host', () => {
  const host = parseMountinfo('1 0 0:1 / / rw - t s rw\n2 1 0:2 /sub /srv rw - t s rw\n');
  const of = (device: string, root: string) =>
    hostPath({ device, root, target: '/', writable: true, devices: true, type: 't' }, host);
  expect(of('0:1', '/')).toBe('/');
  expect(of('0:1', '/etc')).toBe('/etc');
  expect(of('0:2', '/sub')).toBe('/srv');
  expect(of('0:2', '/sub/x')).toBe('/srv/x');
  expect(of('0:2', '/other')).toBeUndefined();
  expect(of('0:3', '/')).toBeUndefined();
});
