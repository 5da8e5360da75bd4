// config-linux.md#sysctl, #personality, #memory-policy, #netdevices: the kernel around the process.

import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { holdNamespaces } from '../../rig/holder.js';
import { amRoot } from '../../rig/identity.js';
import { all, ofConfig, ofLinux, withNamespace, withoutNamespace } from '../changes.js';
import { asRoot, type Check, needs, row } from '../row.js';
import type { Subject } from '../subject.js';

/** The value that a key of /proc/sys has in a container whose configuration sets `sysctl`. */
async function sysctlOf(subject: Subject, path: string, sysctl: Record<string, string>) {
  const file = `file:/proc/sys/${path}` as const;
  const change = all(withNamespace('network'), withNamespace('ipc'), ofLinux({ sysctl }));
  return String((await subject.sees([file], change))[file]).trim();
}

const sets =
  (key: string, path: string, value: string): Check =>
  async (subject) =>
    equal(await sysctlOf(subject, path, { [key]: value }), value);

const resctrl = readFileSync('/proc/mounts', 'utf8').includes(' resctrl ');

const policy = async (subject: Subject, memoryPolicy: Record<string, unknown>) =>
  (await subject.sees(['memoryPolicy'], ofLinux({ memoryPolicy }))).memoryPolicy;

/** Whether a device to move can be made, in a network namespace of the test's own. */
const dummy =
  amRoot &&
  execaSync('unshare', ['--net', 'ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'], {
    reject: false,
  }).exitCode === 0;

/** A network namespace with a device `v0` that has an address, where the runtime runs. */
const withDevice = [
  ...['unshare', '--net', 'sh', '-ec'],
  `ip link add v0 type veth peer name v1; ip addr add 192.0.2.1/24 dev v0; ip link set v0 up; ip link set v1 up; exec "$@"`,
  'sh',
];

export const kernelRows = [
  row('linux.sysctl', 'only keys of a namespace that is the container’s own', {
    'of the network, with dots': sets('net.ipv4.ip_forward', 'net/ipv4/ip_forward', '1'),
    'of the network, with slashes': sets(
      'net/ipv4/conf/lo/forwarding',
      'net/ipv4/conf/lo/forwarding',
      '1',
    ),
    'of a device with a dot in its name, as sysctl.d(5) writes it': needs(
      dummy,
      'no network device can be made here',
      asRoot(async (subject) => {
        const holder = await holdNamespaces(subject.rig, ['network']);
        const add = ['ip', 'link', 'add', 'e.1', 'type', 'veth', 'peer', 'name', 'e2'];
        await subject.rig.execute(['nsenter', '-t', String(holder.pid), '--net', ...add]);
        const file = 'file:/proc/sys/net/ipv4/conf/e.1/forwarding';
        const sysctl = ofLinux({ sysctl: { 'net.ipv4.conf.e/1.forwarding': '1' } });
        const change = all(withNamespace('network', holder.path('network')), sysctl);
        equal(String((await subject.sees([file], change))[file]).trim(), '1');
        await holder.end();
      }),
    ),
    'of IPC': asRoot(sets('kernel.msgmax', 'kernel/msgmax', '4321')),
    'of message queues': asRoot(sets('fs.mqueue.msg_max', 'fs/mqueue/msg_max', '7')),
    'the range that podman always sets': asRoot(async (subject) => {
      const value = await sysctlOf(subject, 'net/ipv4/ping_group_range', {
        'net.ipv4.ping_group_range': '0 0',
      });
      deepEqual(value.split(/\s+/), ['0', '0']);
    }),
    'a key of no namespace is an error': (subject) =>
      subject.refuses(ofLinux({ sysctl: { 'vm.swappiness': '10' } })),
    'a key of a namespace that is the host’s is an error': (subject) => {
      const sysctl = { 'net.ipv4.ip_forward': '1' };
      return subject.refuses(all(withoutNamespace('network'), ofLinux({ sysctl })));
    },
    'a key that leads elsewhere is an error': (subject) =>
      subject.refuses(
        all(withNamespace('network'), ofLinux({ sysctl: { 'net/../kernel/core_pattern': 'x' } })),
      ),
    'a key that does not exist is an error': (subject) =>
      subject.refuses(
        all(withNamespace('network'), ofLinux({ sysctl: { 'net.ipv4.no_such_key': '1' } })),
      ),
  }),
  row('linux.personality', 'LINUX or LINUX32', {
    'LINUX32 is a 32-bit machine': async (subject) => {
      const seen = await subject.sees(
        ['personality', 'names'],
        ofLinux({ personality: { domain: 'LINUX32' } }),
      );
      equal(seen.personality, 8);
      ok(!seen.names.machine.endsWith('64'));
    },
    LINUX: async (subject) => {
      equal(
        (await subject.sees(['personality'], ofLinux({ personality: { domain: 'LINUX' } })))
          .personality,
        0,
      );
    },
    'an unknown domain is an error': (subject) =>
      subject.refuses(ofLinux({ personality: { domain: 'SOLARIS' } })),
  }),
  row('linux.memoryPolicy', 'seven modes, three flags, a list of nodes', {
    ...Object.fromEntries(
      (
        [
          'MPOL_BIND',
          'MPOL_INTERLEAVE',
          'MPOL_PREFERRED',
          'MPOL_PREFERRED_MANY',
          'MPOL_WEIGHTED_INTERLEAVE',
        ] as const
      ).map((mode) => [
        mode,
        async (subject: Subject) => {
          const found = await policy(subject, { mode, nodes: '0' });
          deepEqual([found.mode, found.nodes], [mode, [0]]);
        },
      ]),
    ),
    MPOL_LOCAL: async (subject) => {
      equal((await policy(subject, { mode: 'MPOL_LOCAL' })).mode, 'MPOL_LOCAL');
    },
    MPOL_DEFAULT: async (subject) => {
      equal((await policy(subject, { mode: 'MPOL_DEFAULT' })).mode, 'MPOL_DEFAULT');
    },
    'a flag': async (subject) => {
      const flags = ['MPOL_F_STATIC_NODES'];
      deepEqual((await policy(subject, { mode: 'MPOL_BIND', nodes: '0', flags })).flags, flags);
    },
    'an unknown mode or flag is an error': async (subject) => {
      await subject.refuses(ofLinux({ memoryPolicy: { mode: 'MPOL_NONE', nodes: '0' } }));
      const flags = ['MPOL_F_NONE'];
      await subject.refuses(ofLinux({ memoryPolicy: { mode: 'MPOL_BIND', nodes: '0', flags } }));
    },
    'nodes that are no list, or that the machine has not, are an error': async (subject) => {
      await subject.refuses(ofLinux({ memoryPolicy: { mode: 'MPOL_BIND', nodes: 'all' } }));
      await subject.refuses(ofLinux({ memoryPolicy: { mode: 'MPOL_BIND', nodes: '900' } }));
    },
  }),
  row('linux.netDevices', 'moved, renamed, set up; permanent global addresses stay', {
    ...Object.fromEntries(
      (
        [
          ['keeps its name', {}, 'v0'],
          ['is renamed', { name: 'eth0' }, 'eth0'],
          ['is numbered by %d', { name: 'net%d' }, 'net0'],
        ] as const
      ).map(([name, device, expected]) => [
        name,
        needs(
          dummy,
          'no network device can be made here',
          asRoot(async (subject) => {
            const change = ofLinux({ netDevices: { v0: device } });
            const { interfaces } = await subject.sees(['interfaces'], change, {
              under: withDevice,
            });
            equal(interfaces[expected]?.up, true, Object.keys(interfaces).join());
            ok(interfaces[expected]?.addresses.includes('192.0.2.1'));
          }),
        ),
      ]),
    ),
    'one that is not there is an error': asRoot((subject) =>
      subject.refuses(ofLinux({ netDevices: { 'no-such0': {} } })),
    ),
    'without a network namespace it is an error': asRoot((subject) =>
      subject.refuses(all(withoutNamespace('network'), ofLinux({ netDevices: { lo: {} } }))),
    ),
  }),
  row('linux.intelRdt', 'a class of cache and memory bandwidth', {
    'is refused where resctrl is not mounted': needs(!resctrl, 'resctrl is mounted', (subject) =>
      subject.refuses(ofLinux({ intelRdt: { closID: 'a-class', schemata: ['MB:0=50'] } })),
    ),
    'the process is in its class': needs(
      resctrl,
      'no resctrl',
      asRoot(async (subject) => {
        await subject.takes(ofLinux({ intelRdt: { closID: 'sampan-conformance' } }));
      }),
    ),
  }),
  row('hardware that is described only', 'vm, windows, solaris: ignored on Linux', {
    'are taken': (subject) => subject.takes(ofConfig({ windows: { layerFolders: ['x'] } })),
  }),
];
