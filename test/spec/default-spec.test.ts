// What `spec` writes is valid, and the same as runc's.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type DefaultSpecOptions, defaultSpec } from '../../src/spec/default-spec.js';
import { checkConfig } from '../../src/spec/validate.js';
import { needs } from '../rig/needs.js';

const ROOTLESS = { uid: 1000, gid: 1001 };

const kinds: [string, DefaultSpecOptions][] = [
  ['on cgroup v1', { cgroup2: false }],
  ['on cgroup v2', { cgroup2: true }],
  ['rootless on cgroup v1', { cgroup2: false, rootless: ROOTLESS }],
  ['rootless on cgroup v2', { cgroup2: true, rootless: ROOTLESS }],
  [
    'in a container',
    { cgroup2: true, bound: ['/proc', '/sys'], noTtyGroup: true, noHostname: true },
  ],
];

describe('the default configuration is valid, without a warning', () => {
  test.each(kinds)('%s', (_, options) => {
    const checked = checkConfig(JSON.stringify(defaultSpec(options)));
    expect(checked).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('the default configuration', () => {
  const types = (options: DefaultSpecOptions) =>
    defaultSpec(options).linux?.namespaces?.map((n) => n.type);

  test('has a cgroup namespace on cgroup v2 only', () => {
    expect(types({ cgroup2: true })).toContain('cgroup');
    expect(types({ cgroup2: false })).not.toContain('cgroup');
  });

  test('of a user maps the caller to root and nobody else', () => {
    const { linux } = defaultSpec({ cgroup2: true, rootless: ROOTLESS });
    expect(linux?.uidMappings).toEqual([{ containerID: 0, hostID: 1000, size: 1 }]);
    expect(linux?.gidMappings).toEqual([{ containerID: 0, hostID: 1001, size: 1 }]);
  });

  test('of a user gives no file to an id that is not mapped', () => {
    const { mounts } = defaultSpec({ cgroup2: true, rootless: ROOTLESS });
    expect(mounts?.flatMap((m) => m.options ?? []).join(' ')).not.toMatch(/[ug]id=/);
  });

  test('binds what cannot be mounted anew, and leaves out the group that is not there', () => {
    const mounts = (options: DefaultSpecOptions) =>
      defaultSpec(options).mounts?.map(({ destination, source, options: words }) => {
        return [destination, source, words?.some((word) => word === 'rbind' || /^gid=/.test(word))];
      });
    const usual = mounts({ cgroup2: true }) ?? [];
    expect(usual).toContainEqual(['/dev/pts', 'devpts', true]);
    expect(mounts({ cgroup2: true, bound: ['/proc'], noTtyGroup: true })).toEqual(
      usual.map((row) => {
        if (row[0] === '/proc') return ['/proc', '/proc', true];
        return row[0] === '/dev/pts' ? ['/dev/pts', 'devpts', false] : row;
      }),
    );
  });

  test('is new at each call', () => {
    const first = defaultSpec({ cgroup2: true });
    first.process?.args.push('changed');
    first.linux?.maskedPaths?.pop();
    expect(defaultSpec({ cgroup2: true })).not.toEqual(first);
  });
});

describe('the default configuration has the content of', () => {
  const found = runc(['--version']) !== undefined;
  const withRunc = needs('clients', found, 'runc is not installed');

  withRunc('runc spec', () => {
    expect(comparable(defaultSpec({ cgroup2: isCgroup2() }))).toEqual(runcSpec([]));
  });

  withRunc('runc spec --rootless', () => {
    const uid = process.geteuid?.() ?? 0;
    const gid = process.getegid?.() ?? 0;
    const own = defaultSpec({ cgroup2: isCgroup2(), rootless: { uid, gid } });
    expect(comparable(own)).toEqual(runcSpec(['--rootless']));
  });
});

function runc(args: readonly string[]): string | undefined {
  try {
    return execFileSync('runc', args, { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

/**
 * What a runc of any age writes, but for the version of the specification it knows, and for the
 * ambient set of older ones, which without an inheritable set never had an effect.
 */
function runcSpec(args: readonly string[]): unknown {
  const bundle = fs.mkdtempSync(path.join(os.tmpdir(), 'sampan-spec-'));
  try {
    execFileSync('runc', ['spec', '--bundle', bundle, ...args]);
    return comparable(JSON.parse(fs.readFileSync(path.join(bundle, 'config.json'), 'utf8')));
  } finally {
    fs.rmSync(bundle, { recursive: true });
  }
}

function comparable(spec: object): unknown {
  const copy = JSON.parse(JSON.stringify(spec));
  delete copy.process.capabilities.ambient;
  return { ...copy, ociVersion: '' };
}

/** Where runc looks too (cgroups.IsCgroup2UnifiedMode): the magic of cgroup2 in statfs(2). */
function isCgroup2(): boolean {
  try {
    return fs.statfsSync('/sys/fs/cgroup').type === 0x63677270;
  } catch {
    return false;
  }
}
