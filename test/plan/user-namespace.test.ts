import { expect, test } from '@jest/globals';
import type { HostFacts, SubIdRange } from '../../src/host/facts.js';
import { compile } from '../../src/plan/compile.js';
import { withUserNamespace } from '../../src/plan/user-namespace.js';
import type { Config } from '../../src/spec/types.js';
import { hostFacts, plainOptions } from './cases.js';

const ann = hostFacts('user');

/** A plain program as `user` in new pid and mount namespaces. */
function configFor(user: number): Config {
  return {
    ociVersion: '1.3.0',
    process: { cwd: '/', args: ['true'], user: { uid: user, gid: user } },
    root: { path: 'rootfs' },
    linux: { namespaces: [{ type: 'pid' }, { type: 'mount' }] },
  };
}

/** The map as [containerID, hostID, size]. */
function mapOf(host: Partial<HostFacts>, user = 0): number[][] | undefined {
  const { linux } = withUserNamespace(configFor(user), { ...ann, ...host });
  return linux?.uidMappings?.map(({ containerID, hostID, size }) => [containerID, hostID, size]);
}

function granted(...ranges: SubIdRange[]): Partial<HostFacts> {
  return { subordinateIds: { uid: ranges, gid: ranges, free: 500000 } };
}

const range = (start: number, count: number) => ({ start, count });

test.each<[what: string, ranges: SubIdRange[], user: number, map: number[][]]>([
  [
    'root',
    [range(100000, 10)],
    0,
    [
      [0, 1000, 1],
      [1, 100000, 10],
    ],
  ],
  [
    'the first of a range',
    [range(100000, 10)],
    1,
    [
      [0, 100000, 1],
      [1, 1000, 1],
      [2, 100001, 9],
    ],
  ],
  [
    'the last',
    [range(100000, 10)],
    9,
    [
      [0, 100000, 9],
      [9, 1000, 1],
      [10, 100009, 1],
    ],
  ],
  [
    'right behind it',
    [range(100000, 10)],
    10,
    [
      [0, 100000, 10],
      [10, 1000, 1],
    ],
  ],
  [
    'far behind it',
    [range(100000, 10)],
    70,
    [
      [0, 100000, 10],
      [70, 1000, 1],
    ],
  ],
  [
    'in the second range',
    [range(100000, 10), range(200000, 10)],
    15,
    [
      [0, 100000, 10],
      [10, 200000, 5],
      [15, 1000, 1],
      [16, 200005, 5],
    ],
  ],
  [
    'between two ranges',
    [range(100000, 10), range(200000, 10)],
    10,
    [
      [0, 100000, 10],
      [10, 1000, 1],
      [11, 200000, 10],
    ],
  ],
])('the caller is the user of the process: %s', (_, ranges, user, map) => {
  expect(mapOf(granted(...ranges), user)).toEqual(map);
});

test('an id is mapped once, though it has been granted twice or is the own one', () => {
  const ranges = [range(100000, 10), range(100005, 10), range(990, 20), range(300000, 1)];
  expect(mapOf(granted(...ranges))).toEqual([
    [0, 1000, 1],
    [1, 100000, 10],
    [11, 300000, 1],
  ]);
});

test.each<[string, Partial<HostFacts>]>([
  ['no ranges', granted()],
  ['no newuidmap', { idMapHelpers: { gid: '/usr/bin/newgidmap' } }],
  ['no_new_privs', { noNewPrivileges: true }],
  ['no name', { userName: undefined }],
  ['another group than that of the login', { loginGroup: 27 }],
])('with %s there is the own id alone', (_, host) => {
  expect(mapOf(host)).toEqual([[0, 1000, 1]]);
  expect(mapOf(host, 70)).toEqual([[0, 1000, 1]]);
});

test('root that lacks CAP_SYS_ADMIN keeps the ids of its namespace', () => {
  const mappedIds = { uid: [range(0, 65536)], gid: [range(0, 65536)] };
  const root = { uid: 0, gid: 0, inUserNamespace: true, mappedIds };
  expect(mapOf({ ...root, missingCapabilities: [21] })).toEqual([[0, 0, 65536]]);
  // Without CAP_SETFCAP it may not even map its own, which the kernel then says.
  expect(mapOf({ ...root, missingCapabilities: [21, 31], ...granted() })).toEqual([[0, 0, 1]]);
});

test('a configuration with a user namespace, and one of root, stay as they are', () => {
  const config = configFor(0);
  expect(withUserNamespace(config, hostFacts('root'))).toBe(config);
  config.linux?.namespaces?.push({ type: 'user', path: '/proc/1/ns/user' });
  expect(withUserNamespace(config, ann)).toBe(config);
});

/** The line of a refused launch as [cause, remedy]. */
function refusal(config: Config, host: Partial<HostFacts>) {
  const compiled = compile(config, { ...ann, ...host }, plainOptions);
  if (compiled.ok) throw new Error('not refused');
  const { cause, remedy, pointer } = compiled.failure;
  return [cause, remedy, pointer];
}

const tee = 'as root: echo ann:500000:65536 | tee -a /etc/subuid /etc/subgid';

test.each<[string, Partial<HostFacts>, cause: RegExp, remedy: string]>([
  ['has no ranges', granted(), /: \/etc\/subuid grants ann none, \/etc\/subgid none$/, tee],
  [
    'has no newuidmap',
    { idMapHelpers: {} },
    /: newuidmap is not installed$/,
    'install it (apt install uidmap, dnf install shadow-utils)',
  ],
  [
    'has neither',
    { ...granted(), idMapHelpers: {} },
    /: newuidmap is not installed$/,
    `install it (apt install uidmap, dnf install shadow-utils), and ${tee}`,
  ],
  [
    'may not become more',
    { noNewPrivileges: true },
    /: no_new_privs is set, so that newuidmap gets no privileges$/,
    'start sampan without it (NoNewPrivileges= of systemd, noNewPrivileges of an outer container)',
  ],
  [
    'has no name',
    { userName: undefined },
    /: newuidmap works for users with a name, and getent passwd 1000 knows none$/,
    'add one to /etc/passwd: useradd --uid 1000 NAME',
  ],
  [
    'is in another group',
    { loginGroup: 27 },
    /: newuidmap works for members of their login group, 27, and the caller is in 1000$/,
    'leave the shell of newgrp or sg, or as root: echo GRANT_AUX_GROUP_SUBIDS yes >>/etc/login.defs',
  ],
])('a process with another user, whose caller %s, is refused', (_, host, cause, remedy) => {
  expect(refusal(configFor(70), host)).toEqual([
    expect.stringMatching(cause),
    remedy,
    '/process/user/uid',
  ]);
});

test('groups beyond the ids that are granted are refused', () => {
  const config = configFor(0);
  Object.assign(config.process?.user ?? {}, { additionalGids: [5, 5000] });
  expect(refusal(config, granted(range(100000, 9)))).toEqual([
    expect.stringMatching(/: \/etc\/subuid grants ann 100000-100008, \/etc\/subgid 100000-100008$/),
    tee,
    '/process/user/additionalGids/1',
  ]);
});

/** With maps of its own. */
function mapped(hostID: number, size: number): Config {
  const config = configFor(0);
  const map = [{ containerID: 0, hostID, size }];
  const namespaces = [...(config.linux?.namespaces ?? []), { type: 'user' as const }];
  return { ...config, linux: { namespaces, uidMappings: map, gidMappings: map } };
}

test('a map of ids that are not granted is refused with those that are', () => {
  expect(refusal(mapped(100000, 70000), granted(range(100000, 65536)))).toEqual([
    '/etc/subuid grants ann 100000-165535',
    `map "hostID": 100000, "size": 65536, or ${tee}, and map those`,
    '/linux/uidMappings/0',
  ]);
  expect(refusal(mapped(100000, 70000), granted())).toEqual([
    '/etc/subuid grants ann none',
    `${tee}, and map those`,
    '/linux/uidMappings/0',
  ]);
});

test('in a user namespace only its own ids can be mapped', () => {
  const own = { uid: [range(0, 1)], gid: [range(0, 1)] };
  const root = { ...hostFacts('nested'), mappedIds: own };
  expect(refusal(mapped(1000, 1), root)).toEqual([
    'the user namespace that sampan runs in has 0-0',
    'map ids that are there: sampan spec --rootless writes a configuration for here',
    '/linux/uidMappings/0',
  ]);
  expect(compile(mapped(0, 1), root, plainOptions).ok).toBe(true);
});

test('without a new user namespace the process can only be a user of the one around', () => {
  const own = { uid: [range(0, 1), range(5, 2)], gid: [range(0, 9)] };
  const root = { ...hostFacts('nested'), mappedIds: own };
  expect(refusal(configFor(1000), root)).toEqual([
    'the user namespace that sampan runs in has uids 0-0, 5-6',
    'use one of these, or start sampan where more are mapped',
    '/process/user/uid',
  ]);
  expect(compile(configFor(6), root, plainOptions).ok).toBe(true);
});

test('where setgroups is denied no groups can be set, and those of the caller are kept', () => {
  const root = { ...hostFacts('nested'), setgroups: false };
  const config = configFor(0);
  const compiled = compile(config, root, plainOptions);
  if (!compiled.ok) throw new Error(compiled.failure.cause);
  expect(compiled.plan.steps).toContainEqual(
    expect.objectContaining({ step: 'set-user', setGroups: false }),
  );
  Object.assign(config.process?.user ?? {}, { additionalGids: [5] });
  expect(refusal(config, root)[0]).toMatch(
    /^setgroups is denied in the user namespace that sampan/,
  );
});
