// A value of the wrong form gets the right one, where that can be told.

import { expect, test } from '@jest/globals';
import { checkConfig } from '../../src/spec/validate.js';
import { minimal } from './fixtures.js';

/** What is said of the smallest configuration with one value put in. */
function said(path: string, value: unknown): string {
  const document = minimal();
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  let place = document;
  for (const key of keys) {
    place[key] ??= {};
    place = place[key] as Record<string, unknown>;
  }
  if (value === undefined) delete place[last];
  else place[last] = value;
  const checked = checkConfig(JSON.stringify(document));
  return (checked.ok ? checked.warnings : checked.problems).map((p) => p.message).join('\n');
}

test.each([
  ['process/args', 'sh -c "echo hi" \'a b\'', '["sh","-c","echo hi","a b"]'],
  ['process/env', { PATH: '/bin', A: 1 }, '["PATH=/bin","A=1"]'],
  ['process/env', 'A=1', '["A=1"]'],
  ['mounts', [{ destination: '/a', source: '/a', options: 'rbind,ro' }], '["rbind","ro"]'],
  ['process/user/uid', '1000', '1000'],
  ['process/user/umask', '022', '18'],
  ['process/user', '1000:100', '{"uid":1000,"gid":100}'],
  ['process/user', '5', '{"uid":5,"gid":5}'],
  ['process/terminal', 'yes', 'true'],
  ['root/readonly', 0, 'false'],
  ['root', 'rootfs', '{"path":"rootfs"}'],
  ['root', undefined, '{"path":"rootfs"}'],
  ['linux/namespaces', ['net'], '{"type":"network"}'],
  ['linux/resources/memory', { limit: '64M' }, '67108864'],
  ['linux/resources/memory', { limit: '1GiB' }, '1073741824'],
  ['linux/sysctl', { 'net.core.somaxconn': 256 }, '"256"'],
  ['hooks', { poststop: ['/bin/true'] }, '{"path":"/bin/true"}'],
  ['ociVersion', 1, '"1.3.0"'],
  ['ociVersion', undefined, '"1.3.0"'],
  ['process/rlimits', { RLIMIT_CORE: 0 }, '[{"type":"RLIMIT_CORE","soft":0,"hard":0}]'],
  ['linux/resources/pids', 100, '{"limit":100}'],
  ['process/capabilities', ['CAP_KILL'], '"permitted":["CAP_KILL"]'],
])('%s: %j, write %s', (path, value, right) => {
  expect(said(path, value)).toMatch(/; write /);
  expect(said(path, value)).toContain(right);
});

test.each([
  ['process/user', 'nobody'],
  ['process/user/umask', 'u=rwx'],
  ['linux/resources/memory', { limit: 'much' }],
  ['process/oomScoreAdj', '100M'],
  ['mounts', { '/tmp': {} }],
  ['process/terminal', 'perhaps'],
  ['process/args', 'x '.repeat(100)],
])('%s: %j has no right form that could be told', (path, value) => {
  expect(said(path, value)).not.toContain('; write');
});

test('a user by name is told that names are not looked up', () => {
  expect(said('process/user/uid', 'nobody')).toContain('names are not looked up');
});

test.each([
  ['process/rlimits', [{ type: 'NOFILE', soft: 1, hard: 1 }], 'RLIMIT_NOFILE'],
  ['process/capabilities', { bounding: ['net_admin'] }, 'CAP_NET_ADMIN'],
  ['linux/seccomp', { defaultAction: 'ERRNO' }, 'SCMP_ACT_ERRNO'],
  ['linux/namespaces', [{ type: 'mnt' }], 'mount'],
  ['linux/devices', [{ type: 'char', path: '/dev/x', major: 1, minor: 3 }], 'c'],
  [
    'linux/seccomp',
    { defaultAction: 'SCMP_ACT_LOG', architectures: ['amd64'] },
    'SCMP_ARCH_X86_64',
  ],
  ['mounts', [{ destination: '/a', src: 'a' }], 'source'],
  ['process/environment', [], 'env'],
  ['hostName', 'x', 'hostname'],
])('%s: %j, did you mean %s', (path, value, meant) => {
  expect(said(path, value)).toContain(`did you mean "${meant}"?`);
});

test('a list in the place of an object is one mistake', () => {
  expect(said('process/capabilities', ['CAP_KILL']).split('\n')).toHaveLength(1);
});

test('a name that every object has is told nothing in its place', () => {
  expect(said('linux/namespaces', [{ type: 'constructor' }])).not.toContain('did you mean');
});
