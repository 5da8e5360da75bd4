// `sampan audit`: what a container can do is measured, and each known way out of it is told of with the
// place in config.json that opens it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { CAPABILITY_NAMES } from '../../src/spec/rules/capabilities.js';
import { audit } from '../rig/audit.js';
import type { BundleConfig } from '../rig/bundle.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

type Change = (config: BundleConfig) => void;

function give(config: BundleConfig, ...names: string[]): void {
  const sets = config.process.capabilities ?? {};
  for (const set of ['bounding', 'effective', 'permitted'] as const)
    sets[set] = [...(sets[set] ?? []), ...names];
}

function share(config: BundleConfig, type: string): void {
  config.linux.namespaces = config.linux.namespaces.filter((one) => one.type !== type);
}

/** The place of the last mount. */
function bind(config: BundleConfig, source: string, destination: string, ...options: string[]) {
  config.mounts.push({ source, destination, type: 'bind', options: ['rbind', ...options] });
}

bothWays('audit of the default container', (promise) => {
  promise('no known way out', async (rig) => {
    const found = await audit(rig, await rig.bundle());
    expect(found.warnings.filter(({ severity }) => severity === 'severe')).toEqual([]);
    expect(found).toMatchObject({ severe: false, status: 0, systemCalls: null });
    expect(found.warnings.map(({ name }) => name)).toContain('no seccomp filter');
    expect(found.table).toContain('No known way out was found.\n');
  });

  promise('what it has comes with the places that grant it', async (rig) => {
    const { grants, pid } = await audit(rig, await rig.bundle());
    const place = (group: string, name: string) =>
      grants.find((grant) => grant.group === group && grant.name === name)?.pointer;
    expect(place('capabilities', 'CAP_KILL')).toBe('/process/capabilities/effective/1');
    expect(place('writable mounts', '/dev/shm')).toBe('/mounts/3');
    expect(place('process', 'no_new_privs')).toBe('/process/noNewPrivileges');
    expect(grants).toContainEqual({ group: 'process', name: 'pid', value: `${pid}` });
    expect(grants.filter(({ group }) => group === 'capabilities')).toHaveLength(3);
    expect(grants.map(({ name }) => name)).toContain('/dev/null');
    expect(grants.filter(({ name }) => name === '/')).toEqual([]);
  });

  promise('what was measured counts, not what was configured', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ process }) => {
      process.noNewPrivileges = false;
    });
    const entering = async (id: string) => {
      const { status } = await rig.command([
        'exec',
        '--detach',
        '--cap',
        'CAP_CHOWN',
        id,
        'sleep',
        '100',
      ]);
      expect(status).toBe(0);
    };
    const { grants } = await audit(rig, bundle, undefined, entering);
    const held = (name: string) => grants.find((grant) => grant.name === name)?.value;
    expect(held('CAP_CHOWN')).toMatch(/^held/);
    expect(grants.find(({ name }) => name === 'pid')?.value).toMatch(/, and 1 more$/);
  });

  promise('a profile is told of call by call', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ linux }) => {
      linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [
          { names: ['keyctl', 'bpf'], action: 'SCMP_ACT_ERRNO' },
          {
            names: ['personality'],
            action: 'SCMP_ACT_ERRNO',
            args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }],
          },
        ],
      };
    });
    const { systemCalls, warnings, grants } = await audit(rig, bundle);
    expect(systemCalls).toEqual({
      others: 'SCMP_ACT_ALLOW',
      allowed: [],
      conditional: ['personality'],
      refused: ['bpf', 'keyctl'],
    });
    const risky = warnings.find(({ name }) => name === 'risky system calls');
    expect(risky).toMatchObject({ severity: 'notable', pointer: '/linux/seccomp/syscalls' });
    expect(risky?.meaning).toContain('io_uring_setup');
    expect(risky?.meaning).not.toContain('keyctl');
    expect(warnings.map(({ name }) => name)).not.toContain('no seccomp filter');
    expect(grants.find(({ name }) => name === 'filter')?.value).toBe('in force');
  });

  promise('a socket that rules the machine, even read-only', async (rig) => {
    const socket = join(rig.directory('run'), 'docker.sock');
    writeFileSync(socket, '');
    const bundle = (await rig.bundle()).edit((config) =>
      bind(config, socket, '/dev/shm/docker.sock', 'ro'),
    );
    const index = bundle.config.mounts.length - 1;
    const { warnings, status } = await audit(rig, bundle);
    const warning = warnings.find(({ name }) => name === 'docker.sock');
    expect(warning).toMatchObject({ severity: 'severe', pointer: `/mounts/${index}` });
    expect(status).toBe(1);
  });

  promise('only a container that runs', async (rig) => {
    const { id } = await rig.create(await rig.bundle());
    const { status, stderr } = await rig.command(['audit', id]);
    expect({ status, stderr: stderr.includes(`created, not running; sampan start ${id}`) }).toEqual(
      {
        status: 1,
        stderr: true,
      },
    );
    await rig.command(['delete', '--force', id]);
    const none = await rig.command(['audit', 'none']);
    expect(none.stderr).toContain('look up: container');
  });

  promise('names in it obey no terminal', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ mounts }) => {
      mounts.push({ destination: '/dev/shm/\u001b[31mred', type: 'tmpfs', source: 'tmpfs' });
    });
    const { table } = await audit(rig, bundle);
    expect(table).toContain('/dev/shm/\\x1b[31mred');
    expect(table).not.toContain('\u001b');
  });
});

/** What is opened, the name of the warning and the place. */
const ways: Readonly<Record<string, [Change, string, string]>> = {
  ...Object.fromEntries(
    ['SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF', 'SYS_BOOT'].map((short) => {
      const name = `CAP_${short}`;
      return [name, [(c) => give(c, name), name, '/process/capabilities/effective/3']];
    }),
  ),
  'all capabilities': [
    (c) => give(c, ...CAPABILITY_NAMES),
    'all capabilities',
    '/process/capabilities',
  ],
  'pid namespace of the host and CAP_SYS_PTRACE': [
    (c) => {
      share(c, 'pid');
      give(c, 'CAP_SYS_PTRACE');
    },
    'host pid with CAP_SYS_PTRACE',
    '/linux/namespaces',
  ],
  'pid namespace of the host by path': [
    (c) => {
      share(c, 'pid');
      c.linux.namespaces.unshift({ type: 'pid', path: `/proc/${process.pid}/ns/pid` });
      give(c, 'CAP_SETUID');
    },
    'host pid with CAP_SETUID',
    '/linux/namespaces/0',
  ],
  'network namespace of the host and CAP_NET_ADMIN': [
    (c) => {
      share(c, 'network');
      give(c, 'CAP_NET_ADMIN');
      c.mounts = c.mounts.filter(({ type }) => type !== 'sysfs' && type !== 'cgroup');
    },
    'host network with CAP_NET_ADMIN',
    '/linux/namespaces',
  ],
  'writable /proc/sys': [
    ({ linux }) => {
      linux.readonlyPaths = linux.readonlyPaths?.filter((path) => path !== '/proc/sys') ?? [];
    },
    'writable /proc/sys/kernel/core_pattern',
    '/linux/readonlyPaths',
  ],
  "the host's /proc elsewhere": [
    (c) => bind(c, '/proc', '/dev/shm/proc'),
    'writable /dev/shm/proc/sys/kernel/core_pattern',
    '/mounts/7',
  ],
  "the host's /": [(c) => bind(c, '/', '/dev/shm/host'), 'writable /dev/shm/host', '/mounts/7'],
  "the host's /etc": [(c) => bind(c, '/etc', '/dev/shm/etc'), 'writable /dev/shm/etc', '/mounts/7'],
  'any device': [
    (c) => {
      c.linux.resources = { devices: [{ allow: true, access: 'rwm' }] };
      give(c, 'CAP_MKNOD');
    },
    'CAP_MKNOD',
    '/linux/resources/devices',
  ],
  '/dev/mem': [
    ({ linux }) => {
      linux.devices = [{ path: '/dev/mem', type: 'c', major: 1, minor: 1 }];
      linux.resources = {
        devices: [
          { allow: false, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 1, access: 'r' },
        ],
      };
    },
    '/dev/mem',
    '/linux/devices/0',
  ],
  'a disk': [
    ({ linux }) => {
      linux.devices = [{ path: '/dev/disk', type: 'b', major: 7, minor: 300 }];
      linux.resources = { devices: [{ allow: true, access: 'rwm' }] };
    },
    '/dev/disk',
    '/linux/devices/0',
  ],
};

asRoot('audit', (promise) => {
  for (const [title, [change, name, pointer]] of Object.entries(ways)) {
    promise(`${title}: a severe warning with its place`, async (rig) => {
      const { warnings, status, table } = await audit(rig, (await rig.bundle()).edit(change));
      expect(warnings.find((warning) => warning.name === name)).toMatchObject({
        severity: 'severe',
        pointer,
      });
      expect(status).toBe(1);
      expect(table).toMatch(/\n\d+ known ways? out of the container\.\n$/);
    });
  }

  promise('the same rights in a user namespace are none over the host', async (rig) => {
    const bundle = (await rig.bundle()).edit((config) => {
      config.linux.namespaces.push({ type: 'user' });
      config.linux.uidMappings = [{ containerID: 0, hostID: 200000, size: 65536 }];
      config.linux.gidMappings = [{ containerID: 0, hostID: 200000, size: 65536 }];
      config.linux.readonlyPaths = [];
      give(config, ...CAPABILITY_NAMES);
    });
    const { warnings, grants, status } = await audit(rig, bundle);
    expect(warnings.filter(({ severity }) => severity === 'severe')).toEqual([]);
    expect(status).toBe(0);
    const value = (name: string) => grants.find((grant) => grant.name === name)?.value;
    expect(value('CAP_SYS_ADMIN')).toBe('held, in its user namespace');
    expect(value('user')).toBe('0 (outside 200000)');
    expect(value('uid map')).toBe('0-65535 are 200000-265535');
  });

  promise('a device that the cgroup denies is no way out', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ linux }) => {
      linux.devices = [{ path: '/dev/disk', type: 'b', major: 7, minor: 300 }];
    });
    const { warnings, grants } = await audit(rig, bundle);
    expect(warnings.map(({ name }) => name)).not.toContain('/dev/disk');
    expect(grants.find(({ name }) => name === '/dev/disk')?.value).toBe('b 7:300, denied');
  });

  promise('read-only is no way out', async (rig) => {
    const bundle = (await rig.bundle()).edit((config) =>
      bind(config, '/etc', '/dev/shm/etc', 'rro'),
    );
    const { severe } = await audit(rig, bundle);
    expect(severe).toBe(false);
  });
});

asUser('audit', (promise) => {
  promise('the home of who runs it', async (rig) => {
    const bundle = (await rig.bundle()).edit((config) =>
      bind(config, rig.identity.home, '/dev/shm/home'),
    );
    const pointer = `/mounts/${bundle.config.mounts.length - 1}`;
    const { warnings, status } = await audit(rig, bundle);
    expect(warnings[0]).toMatchObject({ name: 'writable /dev/shm/home', pointer });
    expect(status).toBe(1);
  });

  promise('the network of the host is told of', async (rig) => {
    const { warnings, grants } = await audit(rig, await rig.bundle());
    const warning = warnings.find(({ name }) => name === 'host network');
    expect(warning).toMatchObject({ severity: 'notable', pointer: '/linux/namespaces' });
    expect(grants).toContainEqual({
      group: 'namespaces',
      name: 'net',
      value: "the host's",
      pointer: '/linux/namespaces',
    });
  });
});
