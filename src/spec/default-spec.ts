// What `sampan spec` writes: the default bundle configuration, the same as a recent `runc spec`.

import type { Config } from './config/config.js';
import type { Mount } from './config/mounts.js';
import type { NamespaceType } from './config/namespaces.js';
import { SPEC_VERSION } from './version.js';

/** Who asks, and for which host. */
export interface DefaultSpecOptions {
  /** The caller's ids on the host: a configuration that needs no privileges. */
  readonly rootless?: { readonly uid: number; readonly gid: number };
  /** Whether the host has cgroup version 2 only: then the container gets a cgroup namespace. */
  readonly cgroup2: boolean;
  /** What the kernel does not let anybody mount anew here, so that the one that is there is bound. */
  readonly bound?: readonly ('/proc' | '/sys')[];
  /** Whether group 5, tty, is not there. */
  readonly noTtyGroup?: boolean;
  /** Whether the name of a host may not be set. */
  readonly noHostname?: boolean;
}

/** The default configuration for a root filesystem in `rootfs` of the bundle. */
export function defaultSpec(options: DefaultSpecOptions): Config {
  const { rootless, cgroup2, noHostname } = options;
  return {
    ociVersion: SPEC_VERSION,
    process: defaultProcess(),
    root: { path: 'rootfs', readonly: true },
    ...(noHostname ? {} : { hostname: 'runc' }),
    mounts: mountsFor(options),
    linux: {
      ...(rootless
        ? idMaps(rootless)
        : { resources: { devices: [{ allow: false, access: 'rwm' }] } }),
      namespaces: namespaceTypes(rootless !== undefined, cgroup2).map((type) => ({ type })),
      maskedPaths: maskedPaths(),
      readonlyPaths: readonlyPaths(),
    },
  };
}

/** sysfs can be mounted only by the owner of the network namespace, which stays the host's. */
function mountsFor({ rootless, bound = [], noTtyGroup }: DefaultSpecOptions): Mount[] {
  const fromHost: readonly string[] = rootless ? [...bound, '/sys'] : bound;
  return mounts().map((mount) => {
    const { destination } = mount;
    if (fromHost.includes(destination)) return ofHost(destination);
    return rootless || noTtyGroup ? withoutIds(mount) : mount;
  });
}

function defaultProcess(): NonNullable<Config['process']> {
  const capabilities = () => ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];
  return {
    terminal: true,
    user: { uid: 0, gid: 0 },
    args: ['sh'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
    cwd: '/',
    capabilities: {
      bounding: capabilities(),
      effective: capabilities(),
      permitted: capabilities(),
    },
    rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
    noNewPrivileges: true,
  };
}

function mounts(): Mount[] {
  const closed = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc' },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: [...closed, 'mode=1777', 'size=65536k'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: [...closed] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...closed, 'ro'] },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: [...closed, 'relatime', 'ro'],
    },
  ];
}

/** Files cannot be given to an id that is not mapped, such as gid 5, tty. */
function withoutIds(mount: Mount): Mount {
  if (mount.options === undefined) return mount;
  return { ...mount, options: mount.options.filter((option) => !/^[ug]id=/.test(option)) };
}

function ofHost(path: string): Mount {
  const options = ['rbind', 'nosuid', 'noexec', 'nodev', ...(path === '/sys' ? ['ro'] : [])];
  return { destination: path, type: 'none', source: path, options };
}

function idMaps({ uid, gid }: { readonly uid: number; readonly gid: number }) {
  return {
    uidMappings: [{ containerID: 0, hostID: uid, size: 1 }],
    gidMappings: [{ containerID: 0, hostID: gid, size: 1 }],
  };
}

function namespaceTypes(rootless: boolean, cgroup2: boolean): NamespaceType[] {
  const types: NamespaceType[] = rootless ? ['pid'] : ['pid', 'network'];
  types.push('ipc', 'uts', 'mount');
  if (cgroup2) types.push('cgroup');
  if (rootless) types.push('user');
  return types;
}

function maskedPaths(): string[] {
  return [
    '/proc/acpi',
    '/proc/asound',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/proc/sched_debug',
    '/sys/firmware',
    '/proc/scsi',
  ];
}

function readonlyPaths(): string[] {
  return ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
}
