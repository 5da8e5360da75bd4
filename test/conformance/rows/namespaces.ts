// config-linux.md#namespaces, #user-namespace-mappings, #offset-for-time-namespace.

import { equal, notEqual, ok } from 'node:assert/strict';
import { statSync } from 'node:fs';
import type { NamespaceType } from '../../../src/spec/types.js';
import { holdNamespaces, namespaceOf, procNames } from '../../rig/holder.js';
import {
  all,
  ofLinux,
  withNamespace,
  without,
  withoutMount,
  withoutNamespace,
} from '../changes.js';
import { asRoot, asUser, type Check, row } from '../row.js';
import type { Change } from '../subject.js';

/** Root on the host would need ids for a user namespace; an ordinary user has one by default. */
const ids = (hostID: number) => {
  const maps = [{ containerID: 0, hostID, size: 65536 }];
  return ofLinux({ uidMappings: maps, gidMappings: maps });
};

function isNew(type: NamespaceType, more = withNamespace(type)): Check {
  return async (subject) => {
    const seen = await subject.sees(['namespaces'], more);
    notEqual(seen.namespaces[procNames[type]], namespaceOf(type));
  };
}

const types: NamespaceType[] = ['pid', 'mount', 'ipc', 'uts', 'cgroup', 'time'];

/** A container that joins a namespace of its caller's making. */
function joins(type: NamespaceType): Check {
  return async (subject) => {
    const own = subject.isRoot ? [type] : (['user', type] as const);
    const holder = await holdNamespaces(subject.rig, [...own]);
    const changes = own.map((each) => withNamespace(each, holder.path(each)));
    const joined = all(...changes, without('hostname'), ...(subject.isRoot ? [] : [noMaps]));
    const seen = await subject.sees(['namespaces'], joined);
    equal(seen.namespaces[procNames[type]], holder.namespace(type));
    await holder.end();
  };
}

/** mqueue and sysfs can be mounted only with namespaces of one’s own. */
const withoutMounts = all(
  withoutMount('/dev/mqueue'),
  withoutMount('/sys/fs/cgroup'),
  withoutMount('/sys'),
);

const withoutGroup: Change = ({ mounts }) => {
  for (const mount of mounts) {
    mount.options = mount.options?.filter((option) => !option.startsWith('gid='));
  }
};

const noMaps = all(without('uidMappings', 'linux'), without('gidMappings', 'linux'));

export const namespaceRows = [
  row('linux.namespaces without path', 'a new one', {
    ...Object.fromEntries(types.map((type) => [type, isNew(type)])),
    network: isNew('network', withNamespace('network')),
    user: async (subject) => {
      const bundle = subject.bundle(
        all(withNamespace('user'), subject.isRoot ? ids(100000) : () => {}),
      );
      if (subject.isRoot)
        await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      const { namespaces } = await subject.sees(['namespaces'], bundle);
      notEqual(namespaces['user'], namespaceOf('user'));
    },
    'one that is not listed is the caller’s': async (subject) => {
      const change = all(without('hostname'), withoutNamespace('uts', 'ipc', 'network'));
      const { namespaces } = await subject.sees(['namespaces'], all(change, withoutMounts));
      for (const type of ['uts', 'ipc', 'network'] as const) {
        equal(namespaces[procNames[type]], namespaceOf(type), type);
      }
    },
    'the loopback interface of a new network is up': async (subject) => {
      const { interfaces } = await subject.sees(['interfaces'], withNamespace('network'));
      equal(interfaces['lo']?.up, true);
      ok(interfaces['lo']?.addresses.includes('127.0.0.1'));
    },
  }),
  row('linux.namespaces with path', 'the one that is there; its type is checked', {
    ...Object.fromEntries(
      (['network', 'ipc', 'uts', 'pid', 'cgroup', 'time'] as const).map((type) => [
        type,
        type === 'cgroup' || type === 'time' ? asRoot(joins(type)) : joins(type),
      ]),
    ),
    user: async (subject) => {
      const holder = await holdNamespaces(subject.rig, ['user']);
      // Only root is mapped in it, not the group of terminals.
      const change = all(withNamespace('user', holder.path('user')), noMaps, withoutGroup);
      const { namespaces } = await subject.sees(['namespaces'], change);
      equal(namespaces['user'], holder.namespace('user'));
      await holder.end();
    },
    'another type is an error': async (subject) => {
      await subject.refuses(withNamespace('ipc', '/proc/self/ns/uts'));
    },
    'no namespace is an error': (subject) => subject.refuses(withNamespace('ipc', '/etc/passwd')),
    'a path that is not there is an error': (subject) =>
      subject.refuses(withNamespace('ipc', '/nowhere')),
    'a relative path is an error': (subject) => subject.refuses(withNamespace('ipc', 'ns/ipc')),
  }),
  row('linux.namespaces', 'no type twice', {
    'a duplicate is an error': (subject) =>
      subject.refuses(({ linux }) => void linux.namespaces.push({ type: 'ipc' })),
    'an unknown type is an error': (subject) =>
      subject.refuses(({ linux }) => void linux.namespaces.push({ type: 'planet' } as never)),
  }),
  row('linux.timeOffsets', 'only with a new time namespace', {
    'shift the clocks': async (subject) => {
      const timeOffsets = { monotonic: { secs: 100_000_000 }, boottime: { secs: 200_000_000 } };
      const change = all(withNamespace('time'), ofLinux({ timeOffsets }));
      const { clocks } = await subject.sees(['clocks'], change);
      ok(clocks.monotonic.secs > 100_000_000 && clocks.monotonic.secs < 200_000_000);
      ok(clocks.boottime.secs > 200_000_000);
    },
    'below a second': async (subject) => {
      const timeOffsets = { monotonic: { secs: 100_000_000, nanosecs: 999_999_999 } };
      const change = all(withNamespace('time'), ofLinux({ timeOffsets }));
      ok((await subject.sees(['clocks'], change)).clocks.monotonic.secs > 100_000_000);
    },
    'without a time namespace are an error': (subject) =>
      subject.refuses(ofLinux({ timeOffsets: { monotonic: { secs: 1 } } })),
    'of an unknown clock are an error': (subject) => {
      const timeOffsets = { realtime: { secs: 1 } };
      return subject.refuses(all(withNamespace('time'), ofLinux({ timeOffsets })));
    },
  }),
  row('linux.uidMappings, gidMappings', 'written as they are; no file changes its owner', {
    'of the caller alone': asUser(async (subject) => {
      const seen = await subject.sees(['file:/proc/self/uid_map', 'file:/proc/self/gid_map']);
      equal(words(seen['file:/proc/self/uid_map']), `0 ${subject.identity.uid} 1`);
      equal(words(seen['file:/proc/self/gid_map']), `0 ${subject.identity.gid} 1`);
    }),
    'with the ranges of /etc/subuid': asUser(async (subject) => {
      const seen = await subject.sees(['file:/proc/self/uid_map'], subject.bundle().useIdRanges());
      const { uid, subuid } = subject.identity;
      equal(
        words(seen['file:/proc/self/uid_map']),
        `0 ${uid} 1 1 ${subuid?.first} ${subuid?.count}`,
      );
    }),
    'any, by root': asRoot(async (subject) => {
      const maps = [
        { containerID: 0, hostID: 100000, size: 10 },
        { containerID: 1000, hostID: 200000, size: 1 },
      ];
      const linux = ofLinux({ uidMappings: maps, gidMappings: maps });
      const bundle = subject.bundle(all(withNamespace('user'), linux));
      await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      const seen = await subject.sees(['file:/proc/self/uid_map'], bundle);
      equal(words(seen['file:/proc/self/uid_map']), '0 100000 10 1000 200000 1');
      equal(statSync(`${bundle.rootfs}/bin/probe`).uid, 100000);
    }),
    'that overlap are an error': (subject) => {
      const { uid } = subject.identity;
      const one = { containerID: 0, hostID: subject.isRoot ? 100000 : uid, size: 1 };
      const maps = [one, { ...one, hostID: one.hostID + 1 }];
      const linux = ofLinux({ uidMappings: maps, gidMappings: maps });
      return subject.refuses(all(withNamespace('user'), linux));
    },
  }),
  row('an ordinary user without a user namespace', 'extension of crun: one is made', {
    'it is made': asUser(async (subject) => {
      await subject.sees(['namespaces'], all(withoutNamespace('user'), noMaps));
    }),
  }),
];

function words(text: string | { errno: string }): string {
  return String(text).trim().split(/\s+/).join(' ');
}
