// Containers as `audit` finds them, each a few facts away from the default one.

import type { AuditFacts, ProcessFacts } from '../../../src/cli/audit/facts.js';
import { parseMountinfo } from '../../../src/cli/audit/mountinfo.js';
import { parseStatus } from '../../../src/cli/audit/status.js';
import { defaultSpec } from '../../../src/spec/default-spec.js';
import { CAPABILITY_NAMES } from '../../../src/spec/rules/capabilities.js';
import type { Config } from '../../../src/spec/types.js';

const ALL = '0         0 4294967295\n';

/** /proc/PID/status as it is, without what nobody reads. */
export const status = (bits: string, { pid = 100, uid = 0, nnp = 1, seccomp = 0 } = {}) =>
  `Name:\tsleep\nPid:\t${pid}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${uid}\t${uid}\t${uid}\t${uid}
Groups:\t \nNStgid:\t${pid}\t1\nCapInh:\t0000000000000000\nCapPrm:\t${bits}\nCapEff:\t${bits}
CapBnd:\t${bits}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${nnp}\nSeccomp:\t${seccomp}\n`;

/** AUDIT_WRITE, KILL, NET_BIND_SERVICE; all 41. */
const FEW = '0000000020000420';
const EVERY = '000001ffffffffff';

const HOST_MOUNTS = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw - proc proc rw
24 22 0:22 / /sys rw - sysfs sysfs rw
25 22 0:23 / /run rw shared:5 - tmpfs tmpfs rw
26 22 0:6 / /dev rw - devtmpfs devtmpfs rw
27 22 254:1 / /home rw - ext4 /dev/vdb rw\n`;

const MOUNTS = `276 47 254:0 /srv/b/rootfs / ro,relatime - ext4 /dev/vda rw
277 276 0:65 / /proc rw,relatime - proc proc rw
278 276 0:66 / /dev rw,nosuid - tmpfs tmpfs rw,mode=755
280 278 0:68 / /dev/shm rw,nosuid,nodev,noexec - tmpfs shm rw
283 276 0:73 / /sys ro,nosuid,nodev,noexec - sysfs sysfs rw
284 283 0:38 /sampan-a /sys/fs/cgroup ro - cgroup2 cgroup2 rw
288 277 0:65 /sys /proc/sys ro,relatime - proc proc rw
289 277 0:65 /sysrq-trigger /proc/sysrq-trigger ro,relatime - proc proc rw
293 277 0:6 /null /proc/keys rw,relatime - devtmpfs devtmpfs rw\n`;

const INITIAL = { cgroup: 35, ipc: 39, mnt: 32, net: 33, pid: 36, time: 34, user: 37, uts: 38 };

function links(own: readonly string[]): Record<string, string> {
  const link = ([kind, last]: [string, number]) =>
    own.includes(kind) ? `${kind}:[4026539999]` : `${kind}:[40265318${last}]`;
  return Object.fromEntries(Object.entries(INITIAL).map((one) => [one[0], link(one)]));
}

interface Difference {
  readonly config?: (config: Config & { linux: NonNullable<Config['linux']> }) => void;
  readonly status?: string;
  readonly others?: readonly ProcessFacts[];
  readonly own?: readonly string[];
  readonly mounts?: string;
  readonly facts?: Partial<AuditFacts>;
}

const OWN = ['ipc', 'mnt', 'net', 'pid', 'uts'];

/** The default container of root with differences. */
export function container(difference: Difference = {}): AuditFacts {
  const config = structuredClone(defaultSpec({ cgroup2: false })) as Config & {
    linux: NonNullable<Config['linux']>;
  };
  difference.config?.(config);
  return {
    id: 'web',
    config,
    processes: [parseStatus(difference.status ?? status(FEW)), ...(difference.others ?? [])],
    namespaces: links(difference.own ?? OWN),
    uidMap: ALL,
    gidMap: ALL,
    mounts: parseMountinfo(MOUNTS + (difference.mounts ?? '')),
    devices: [
      { path: '/dev/null', type: 'c', major: 1, minor: 3 },
      { path: '/proc/keys', type: 'c', major: 1, minor: 3 },
    ],
    cgroup: '/sys/fs/cgroup/sampan-a',
    label: '',
    host: {
      namespaces: links([]),
      uidMap: ALL,
      mounts: parseMountinfo(HOST_MOUNTS),
      lastCapability: 40,
      sockets: ['/run/docker.sock'],
      kernelFiles: [
        '/proc/sysrq-trigger',
        '/proc/sys/kernel/core_pattern',
        '/proc/sys/kernel/modprobe',
        '/sys/kernel/uevent_helper',
      ],
      home: '/root',
      confines: false,
    },
    ...difference.facts,
  };
}

/** What `--privileged` of other programs comes to. */
const privileged = container({
  config({ process, linux, mounts }) {
    const all = CAPABILITY_NAMES;
    if (process) process.capabilities = { bounding: all, effective: all, permitted: all };
    if (process) process.noNewPrivileges = false;
    linux.readonlyPaths = [];
    linux.maskedPaths = [];
    linux.resources = { devices: [{ allow: true, access: 'rwm' }] };
    linux.devices = [{ path: '/dev/vda', type: 'b', major: 254, minor: 0 }];
    mounts?.push({ destination: '/run/docker.sock', source: '/run/docker.sock', type: 'bind' });
  },
  status: status(EVERY, { nnp: 0 }),
  mounts: '300 276 0:23 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw\n',
  facts: {
    devices: [{ path: '/dev/vda', type: 'b', major: 254, minor: 0 }],
    label: 'unconfined',
  },
});

/** Of an ordinary user: everything but the network is its own. */
const rootless = container({
  config({ linux }) {
    linux.uidMappings = [{ containerID: 0, hostID: 1000, size: 1 }];
    linux.gidMappings = [{ containerID: 0, hostID: 1000, size: 1 }];
    linux.readonlyPaths = [];
  },
  status: status(EVERY, { uid: 1000 }),
  own: [...OWN.filter((kind) => kind !== 'net'), 'user'],
  facts: { uidMap: '0 1000 1\n', gidMap: '0 1000 1\n' },
});

/** With a profile, as engines write it, and a program that came in by exec. */
const profiled = container({
  config({ linux }) {
    linux.seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['read', 'write', 'keyctl'], action: 'SCMP_ACT_ALLOW' },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }],
        },
        { names: ['mount'], action: 'SCMP_ACT_ERRNO' },
      ],
    };
  },
  status: status(FEW, { seccomp: 2 }),
  others: [parseStatus(status('0000000000000000', { pid: 120, uid: 33, seccomp: 2 }))],
});

/** By name, for a golden table each. */
export const containers: Readonly<Record<string, AuditFacts>> = {
  default: container(),
  privileged,
  rootless,
  profiled,
};
