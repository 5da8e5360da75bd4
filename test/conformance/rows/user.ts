// config.md#user and #linux-process: who the process is and what it may.

import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { CapabilitySet } from '../../rig/probe.js';
import { all, ofLinux, ofProcess, ofUser, withNamespace } from '../changes.js';
import { asRoot, asUser, bothWays, needs, row } from '../row.js';

const sets: CapabilitySet[] = ['bounding', 'effective', 'permitted', 'inheritable', 'ambient'];
const inAll = (names: readonly string[]) => Object.fromEntries(sets.map((set) => [set, names]));
const sorted = (names: readonly string[]) => [...names].sort();

const appArmor = existsSync('/sys/kernel/security/apparmor');
const seLinux = existsSync('/sys/fs/selinux/enforce');

/** Capabilities that the caller can pass on. */
function ownBounding(): bigint {
  return BigInt(`0x${/^CapBnd:\t(\w+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
}
const SYS_RESOURCE = 24n;
const lacksResource = ((ownBounding() >> SYS_RESOURCE) & 1n) === 0n;

export const userRows = [
  row('process.user.uid, gid', 'ids in the container', {
    'are what they are set to': asRoot(async (subject) => {
      const { user } = await subject.sees(['user'], ofUser({ uid: 1234, gid: 567 }));
      deepEqual([user.uid, user.gid], [Array(4).fill(1234), Array(4).fill(567)]);
    }),
    'are any that are mapped': asUser(async (subject) => {
      const bundle = subject.bundle(ofUser({ uid: 1000, gid: 2000 })).useIdRanges();
      const { user } = await subject.sees(['user'], bundle);
      deepEqual([user.uid, user.gid], [Array(4).fill(1000), Array(4).fill(2000)]);
    }),
    'an id that is not mapped is an error': (subject) => {
      const map = (hostID: number) => [{ containerID: 0, hostID, size: 1 }];
      const { uid, gid } = subject.identity;
      const maps = { uidMappings: map(uid), gidMappings: map(gid) };
      return subject.refuses(all(ofUser({ uid: 4000 }), withNamespace('user'), ofLinux(maps)));
    },
    'a negative or too large id is an error': async (subject) => {
      await subject.refuses(ofUser({ uid: -1 }));
      await subject.refuses(ofUser({ gid: 4294967296 }));
    },
  }),
  row('process.user.additionalGids', 'the supplementary groups', {
    'are exactly those': asRoot(async (subject) => {
      const additionalGids = [10, 2000, 4000000000];
      const { user } = await subject.sees(['user'], ofUser({ additionalGids }));
      deepEqual(user.groups, additionalGids);
    }),
    'none of the caller’s are left': asRoot(async (subject) => {
      const { user } = await subject.sees(['user'], undefined, {
        under: ['setpriv', '--groups=7,8'],
      });
      deepEqual(
        user.groups.filter((gid) => gid !== 0),
        [],
      );
    }),
    'can be any that are mapped': asUser(async (subject) => {
      const bundle = subject.bundle(ofUser({ additionalGids: [10, 2000] })).useIdRanges();
      deepEqual((await subject.sees(['user'], bundle)).user.groups, [10, 2000]);
    }),
  }),
  row('process.user.umask', 'the mask; 022 when unset, as every runtime has it', {
    'is set': async (subject) => {
      equal((await subject.sees(['umask'], ofUser({ umask: 0o137 }))).umask, 0o137);
      equal((await subject.sees(['umask'], ofUser({ umask: 0 }))).umask, 0);
    },
    'is 022 when unset': async (subject) => {
      equal((await subject.sees(['umask'])).umask, 0o022);
    },
  }),
  row('process.rlimits', 'soft and hard; a duplicate or an unknown type is an error', {
    'are exactly those asked for': async (subject) => {
      const limits = {
        RLIMIT_AS: { soft: 1 << 30, hard: 2 ** 31 },
        RLIMIT_CORE: { soft: 0, hard: 4096 },
        RLIMIT_CPU: { soft: 100, hard: 200 },
        RLIMIT_DATA: { soft: 2 ** 30, hard: 2 ** 31 },
        RLIMIT_FSIZE: { soft: 2 ** 30, hard: 2 ** 40 },
        RLIMIT_LOCKS: { soft: 10, hard: 11 },
        RLIMIT_MEMLOCK: { soft: 4096, hard: 8192 },
        RLIMIT_MSGQUEUE: { soft: 4096, hard: 8192 },
        RLIMIT_NICE: { soft: 0, hard: 0 },
        RLIMIT_NOFILE: { soft: 512, hard: 600 },
        RLIMIT_NPROC: { soft: 4000, hard: 4001 },
        RLIMIT_RSS: { soft: 2 ** 30, hard: 2 ** 31 },
        RLIMIT_RTPRIO: { soft: 0, hard: 0 },
        RLIMIT_RTTIME: { soft: 1000, hard: 2000 },
        RLIMIT_SIGPENDING: { soft: 100, hard: 200 },
        RLIMIT_STACK: { soft: 1048576, hard: 2097152 },
      };
      const rlimits = Object.entries(limits).map(([type, limit]) => ({ type, ...limit }));
      deepEqual((await subject.sees(['rlimits'], ofProcess({ rlimits }))).rlimits, limits);
    },
    'a duplicate is an error': (subject) => {
      const limit = { type: 'RLIMIT_NOFILE', soft: 512, hard: 512 };
      return subject.refuses(ofProcess({ rlimits: [limit, limit] }));
    },
    'an unknown type is an error': (subject) =>
      subject.refuses(ofProcess({ rlimits: [{ type: 'RLIMIT_NONE', soft: 1, hard: 1 }] })),
    'a soft limit above the hard one is an error': (subject) =>
      subject.refuses(ofProcess({ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 9, hard: 8 }] })),
  }),
  row('process.capabilities', 'five sets; unknown or ungrantable ones are warned of, not refused', {
    'are exactly the five sets': async (subject) => {
      const two = ['CAP_CHOWN', 'CAP_NET_RAW'];
      const capabilities = {
        bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_RAW', 'CAP_SETUID'],
        permitted: two,
        effective: ['CAP_CHOWN'],
        inheritable: two,
        ambient: ['CAP_NET_RAW'],
      };
      // Not uid 0, whose execve(2) gives it all that is permitted.
      const user = { uid: 1, gid: 1 };
      const bundle = subject.bundle(ofProcess({ capabilities, user }));
      if (!subject.isRoot) bundle.useIdRanges();
      const seen = (await subject.sees(['capabilities'], bundle)).capabilities;
      deepEqual(sorted(seen.bounding), sorted(capabilities.bounding));
      deepEqual(sorted(seen.inheritable), sorted(two));
      deepEqual(sorted(seen.ambient), ['CAP_NET_RAW']);
      // execve(2) leaves a user who is not root what is ambient.
      deepEqual([seen.permitted, seen.effective], [['CAP_NET_RAW'], ['CAP_NET_RAW']]);
    },
    'of container root are those of the bounding set': async (subject) => {
      const three = ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETUID'];
      const seen = await subject.sees(['capabilities'], ofProcess({ capabilities: inAll(three) }));
      deepEqual(
        sets.map((set) => sorted(seen.capabilities[set])),
        sets.map(() => three),
      );
    },
    'empty sets leave none': async (subject) => {
      const seen = await subject.sees(['capabilities'], ofProcess({ capabilities: inAll([]) }));
      deepEqual(seen.capabilities, inAll([]));
    },
    'an unknown name does not fail': async (subject) => {
      const names = ['CAP_CHOWN', 'CAP_OF_TOMORROW'];
      const change = ofProcess({ capabilities: inAll(names) });
      deepEqual((await subject.sees(['capabilities'], change)).capabilities.effective, [
        'CAP_CHOWN',
      ]);
    },
    'one that cannot be granted does not fail': needs(
      lacksResource,
      'the tests can grant every capability',
      asRoot(async (subject) => {
        const names = ['CAP_CHOWN', 'CAP_SYS_RESOURCE'];
        const change = ofProcess({ capabilities: inAll(names) });
        const { effective } = (await subject.sees(['capabilities'], change)).capabilities;
        deepEqual(effective, ['CAP_CHOWN']);
      }),
    ),
  }),
  row('process.noNewPrivileges', 'no_new_privs', {
    'is set when true': async (subject) => {
      const change = ofProcess({ noNewPrivileges: true });
      equal((await subject.sees(['noNewPrivileges'], change)).noNewPrivileges, true);
    },
    'is not set when false': async (subject) => {
      const change = ofProcess({ noNewPrivileges: false });
      equal((await subject.sees(['noNewPrivileges'], change)).noNewPrivileges, false);
    },
  }),
  row('process.apparmorProfile', 'the profile of the process', {
    'is applied': needs(
      appArmor,
      'AppArmor is not in this kernel',
      bothWays(async (subject) => {
        const change = ofProcess({ apparmorProfile: 'unconfined' });
        ok(String((await subject.sees(['label'], change)).label).startsWith('unconfined'));
      }),
    ),
  }),
  row('process.selinuxLabel', 'the label of the process', {
    'is applied': needs(
      seLinux,
      'SELinux is not in this kernel',
      asRoot(async (subject) => {
        const selinuxLabel = 'system_u:system_r:container_t:s0:c1,c2';
        const { label } = await subject.sees(['label'], ofProcess({ selinuxLabel }));
        ok(String(label).startsWith(selinuxLabel));
      }),
    ),
  }),
];
