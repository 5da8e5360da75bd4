// Facts = findings. UPDATE_GOLDEN=1 writes the tables down anew: review the diff.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { canRun, findings, obstacles } from '../../../src/cli/check/findings/index.js';
import { isAtLeast } from '../../../src/cli/check/findings/words.js';
import { checkJson, checkTable } from '../../../src/cli/check/output.js';
import { needsOf } from '../../../src/cli/check/try-container.js';
import { parseTried } from '../../../src/cli/check/try-kernel.js';
import { mountOf } from '../../../src/cli/check/try-places.js';
import { hidingOptions } from '../../../src/host/proc-options.js';
import type { Step } from '../../../src/plan/steps.js';
import { fixtures, hosts } from './hosts.js';

const folder = `${fixtures}check`;
const cases = Object.entries(hosts);

if (process.env.UPDATE_GOLDEN === '1') {
  mkdirSync(folder, { recursive: true });
  for (const [name, survey] of cases) writeFileSync(`${folder}/${name}.txt`, checkTable(survey));
}

test.each(cases)('%s', (name, survey) => {
  expect(checkTable(survey)).toBe(readFileSync(`${folder}/${name}.txt`, 'utf8'));
});

test('no table is left without its host', () => {
  expect(readdirSync(folder).sort()).toEqual(cases.map(([name]) => `${name}.txt`).sort());
});

describe.each(cases)('on %s', (_, survey) => {
  const all = findings(survey);

  test('what the findings say agrees with the container that was tried', () => {
    expect(obstacles(all).length === 0).toBe(canRun(survey));
    const { trial: __, ...untried } = survey;
    expect(canRun(untried)).toBe(canRun(survey));
  });

  test('each is one line, under a name of its own', () => {
    const names = all.map(({ group, name }) => `${group}/${name}`);
    expect(names).toEqual([...new Set(names)]);
    for (const { meaning, mend = '' } of all) expect(meaning + mend).toMatch(/^[^\n]+$/);
  });

  test('what stands in the way of a container has something that mends it', () => {
    for (const { mend } of obstacles(all).filter(({ meaning }) => !/it takes a user/.test(meaning)))
      expect(mend).toMatch(/./);
  });

  test('JSON holds the verdict, the findings and the facts', () => {
    const document = JSON.parse(checkJson(survey));
    expect(document.runs).toBe(canRun(survey));
    expect(document.findings).toEqual(JSON.parse(JSON.stringify(all)));
    expect(document.facts.host).toEqual(survey.host);
  });
});

test('lines of the static program', () => {
  const names: Record<number, string> = { 1: 'EPERM', 38: 'ENOSYS' };
  expect(parseTried('user 0 \npid 1 unshare\nx 38 killed\n', (n) => names[n] ?? '')).toEqual({
    user: null,
    pid: { syscall: 'unshare', errno: 'EPERM' },
    x: { syscall: 'killed', errno: 'ENOSYS' },
  });
});

test('releases', () => {
  const at = (release: string) => isAtLeast(release, '5.12');
  expect(['5.12.0-rc1', '5.12-arch', '6.1.0-18-amd64', '10.0'].map(at)).toEqual(
    Array(4).fill(true),
  );
  expect(['5.11.22', '5.2', '4.19.0', 'x'].map(at)).toEqual(Array(4).fill(false));
});

test('what /proc hides', () => {
  const line = (data: string) => `1 2 0:3 / /proc rw - proc proc ${data}\n`;
  const below = '1 2 0:3 / /proc/x rw - tmpfs x hidepid=1\n';
  const last = line('rw,hidepid=2') + line('rw,gid=5,hidepid=ptraceable,subset=pid') + below;
  expect(hidingOptions(last)).toEqual(['hidepid=ptraceable', 'subset=pid']);
  expect(hidingOptions(line('rw,hidepid=off'))).toEqual([]);
  expect(hidingOptions('')).toEqual([]);
});

test('the mount that a path is on', () => {
  const text = ['/', '/srv', '/srv/a', '/srv/ab'].map(
    (point, i) => `1 2 0:3 / ${point} o${i} - a b c`,
  );
  const of = (path: string) => mountOf(path, text.join('\n')).mount;
  expect([of('/'), of('/srv/a/b'), of('/srv/abc'), of('/home')]).toEqual([
    '/',
    '/srv/a',
    '/srv',
    '/',
  ]);
});

test('what a plan needs of the kernel', () => {
  const steps = [
    { step: 'create-cgroup', path: '/a', optional: true },
    { step: 'clone', flags: 0x10020000 },
    { step: 'unshare', flags: 0x80 },
    { step: 'set-hostname', name: 'x' },
    { step: 'start-scope', unit: 'x.scope' },
    { step: 'mount-filesystem', type: 'proc' },
    { step: 'mount-filesystem', type: 'proc' },
  ] as unknown as Step[];
  const needs = { namespaces: ['user', 'mnt', 'time'], mounts: ['proc'] };
  expect(needsOf(steps)).toEqual({
    ...needs,
    ...{ cgroup: false, systemd: true, hostname: true, deviceFilter: false },
  });
});
