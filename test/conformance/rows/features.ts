// features.md, features-linux.md: what the document lists works, and what it does not list does not.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Features } from '../../../src/spec/types.js';
import { all, ofConfig, ofLinux, ofProcess, withMount, withNamespace } from '../changes.js';
import { stages } from '../hooks.js';
import { asRoot, row } from '../row.js';
import type { Change, Subject } from '../subject.js';

async function features(subject: Subject): Promise<Features> {
  return JSON.parse((await subject.succeeds('features')).stdout);
}

async function linux(subject: Subject): Promise<NonNullable<Features['linux']>> {
  return (await features(subject)).linux ?? {};
}

/** Options of the specification, without those that only a bind mount can show. */
const mountOptions = (
  'async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev ' +
  'nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow ' +
  'private ratime rbind rdev rdiratime relatime rexec rnoatime rnodev rnodiratime rnoexec ' +
  'rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared rslave ' +
  'rstrictatime rsuid rsymfollow runbindable rw shared silent slave strictatime suid symfollow ' +
  'sync tmpcopyup unbindable'
).split(' ');

/** These ask for more than a target. */
const apart = ['bind', 'rbind', 'remount', 'idmap', 'ridmap'];

/** A mount with one option, or a bind mount for those of one. */
function withOption(option: string, destination: string): Change {
  const bound = option.startsWith('src-') || option === 'copy-symlink';
  const mount = bound
    ? { type: 'bind', source: '/etc/hostname', options: ['bind', option] }
    : { type: 'tmpfs', source: 'tmpfs', options: [option] };
  return withMount({ destination, ...mount });
}

const rule = (more: Readonly<Record<string, unknown>>, top = {}) =>
  ofLinux({
    seccomp: {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['getpgid'], action: 'SCMP_ACT_ERRNO', ...more }],
      ...top,
    },
  });

const all5 = (names: readonly string[]) =>
  Object.fromEntries(['bounding', 'effective', 'permitted'].map((set) => [set, names]));

const namespaces = ['cgroup', 'ipc', 'mount', 'network', 'pid', 'time', 'user', 'uts'];

export const featureRows = [
  row('versions', '`ociVersionMin` to `ociVersionMax` are accepted', {
    'both are': async (subject) => {
      const { ociVersionMin, ociVersionMax } = await features(subject);
      for (const ociVersion of [ociVersionMin, ociVersionMax]) {
        match(ociVersion, /^1\.\d+\.\d+/);
        await subject.takes(ofConfig({ ociVersion }));
      }
    },
  }),
  row('hooks', 'the stages that are run', {
    'each that is listed is taken, each other refused': async (subject) => {
      const hooks = (await features(subject)).hooks ?? [];
      for (const stage of stages) {
        const change = ofConfig({ hooks: { [stage]: [{ path: '/bin/true' }] } });
        if (hooks.includes(stage)) await subject.takes(change);
        else await subject.refuses(change);
      }
    },
  }),
  row('mountOptions', 'the options that are known', {
    'each that is listed can be used': async (subject) => {
      const listed = (await features(subject)).mountOptions ?? [];
      const usable = listed.filter((option) => !apart.includes(option));
      // A user namespace locks the atime flags of nothing that is new.
      const changes = usable.map((option, index) => withOption(option, `/dev/shm/${index}`));
      const { stderr } = await subject.takes(all(...changes));
      equal(stderr, '');
    },
    'each of the specification’s is listed': async (subject) => {
      const listed = (await features(subject)).mountOptions ?? [];
      deepEqual(
        mountOptions.filter((option) => !listed.includes(option)),
        [],
      );
    },
    'one that is not listed is refused': async (subject) => {
      const listed = (await features(subject)).mountOptions ?? [];
      for (const option of ['planet', 'rplanet', 'no', ...mountOptions]) {
        if (!listed.includes(option)) await subject.refuses(withOption(option, '/mnt'));
      }
    },
  }),
  row('linux.namespaces', 'the types that can be made', {
    'all that are listed, in one container': async (subject) => {
      const listed = (await linux(subject)).namespaces ?? [];
      const types = listed.filter((type) => !subject.isRoot || type !== 'user');
      await subject.takes(all(...types.map((type) => withNamespace(type))));
    },
    'each of the specification’s is listed': async (subject) => {
      deepEqual([...((await linux(subject)).namespaces ?? [])].sort(), namespaces);
    },
  }),
  row('linux.capabilities', 'the names that are known', {
    'each that is listed can be named without a warning': asRoot(async (subject) => {
      const capabilities = (await linux(subject)).capabilities ?? [];
      // What the caller itself has not got is no matter of names.
      const own = (
        await subject.rig.execute([
          'sh',
          '-c',
          'capsh --decode=$(sed -n "s/^CapBnd:.//p" /proc/self/status)',
        ])
      ).stdout;
      const names = capabilities.filter((name) => own.includes(name.toLowerCase()));
      ok(names.length > 30, own);
      const seen = await subject.sees(['capabilities'], ofProcess({ capabilities: all5(names) }));
      deepEqual([...seen.capabilities.effective].sort(), [...names].sort());
    }),
  }),
  row('linux.seccomp', 'actions, operators, architectures, flags', {
    'each action that is listed is taken, each other refused': async (subject) => {
      const listed = (await linux(subject)).seccomp?.actions ?? [];
      for (const name of [
        'ALLOW',
        'ERRNO',
        'KILL',
        'KILL_PROCESS',
        'KILL_THREAD',
        'LOG',
        'TRACE',
        'TRAP',
      ]) {
        const action = `SCMP_ACT_${name}`;
        if (listed.includes(action)) await subject.takes(rule({ action }));
        else await subject.refuses(rule({ action }));
      }
    },
    'each operator': async (subject) => {
      const listed = (await linux(subject)).seccomp?.operators ?? [];
      for (const name of ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ']) {
        const op = `SCMP_CMP_${name}`;
        const change = rule({ args: [{ index: 0, value: 99, op }] });
        if (listed.includes(op)) await subject.takes(change);
        else await subject.refuses(change);
      }
    },
    'each architecture': async (subject) => {
      const listed = (await linux(subject)).seccomp?.archs ?? [];
      ok(listed.length > 3);
      for (const arch of [
        ...listed,
        'SCMP_ARCH_PARISC',
        'SCMP_ARCH_SH',
        'SCMP_ARCH_M68K',
        'SCMP_ARCH_LOONGARCH64',
      ]) {
        const change = rule({}, { architectures: [arch] });
        if (listed.includes(arch)) await subject.takes(change);
        else await subject.refuses(change);
      }
    },
    'each flag': async (subject) => {
      const seccomp = (await linux(subject)).seccomp;
      const knownFlags = seccomp?.knownFlags ?? [];
      const supportedFlags = seccomp?.supportedFlags ?? [];
      ok(knownFlags.length > 0, 'no flags are listed');
      for (const flag of knownFlags) {
        const change = rule({}, { flags: [flag] });
        if (supportedFlags.includes(flag)) await subject.takes(change);
        else await subject.refuses(change);
      }
    },
  }),
  row('linux.memoryPolicy', 'modes and flags', {
    'each mode that is listed is taken': async (subject) => {
      const modes = (await linux(subject)).memoryPolicy?.modes ?? [];
      ok(modes.length > 0, 'no modes are listed');
      for (const mode of modes) {
        const nodes = ['MPOL_DEFAULT', 'MPOL_LOCAL'].includes(mode) ? {} : { nodes: '0' };
        await subject.takes(ofLinux({ memoryPolicy: { mode, ...nodes } }));
      }
    },
    'each flag': async (subject) => {
      const flags = (await linux(subject)).memoryPolicy?.flags ?? [];
      ok(flags.length > 0, 'no flags are listed');
      for (const flag of flags) {
        await subject.takes(
          ofLinux({ memoryPolicy: { mode: 'MPOL_BIND', nodes: '0', flags: [flag] } }),
        );
      }
    },
  }),
  row('enabled or not', 'what is false is refused', {
    netDevices: asRoot(async (subject) => {
      const { enabled = false } = (await linux(subject)).netDevices ?? {};
      const under = [
        'unshare',
        '--net',
        'sh',
        '-c',
        'ip link add v0 type veth peer name v1; exec "$@"',
        'sh',
      ];
      const bundle = subject.bundle(ofLinux({ netDevices: { v0: {} } }));
      equal((await subject.run(bundle, { under })).status === 0, enabled);
    }),
    'mountExtensions.idmap': asRoot(async (subject) => {
      const { enabled = false } = (await linux(subject)).mountExtensions?.idmap ?? {};
      const maps = [{ containerID: 0, hostID: 100000, size: 65536 }];
      const ids = ofLinux({ uidMappings: maps, gidMappings: maps });
      const mount = {
        destination: '/mnt',
        type: 'bind',
        source: subject.rig.directory('own'),
        options: ['rbind'],
      };
      const change = all(
        withNamespace('user'),
        ids,
        withMount({ ...mount, uidMappings: maps, gidMappings: maps }),
      );
      const bundle = subject.bundle(change);
      await subject.rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
      equal((await subject.run(bundle)).status === 0, enabled);
    }),
    'apparmor, selinux and intelRdt are told of': async (subject) => {
      const { apparmor, selinux, intelRdt } = await linux(subject);
      for (const { enabled } of [apparmor ?? {}, selinux ?? {}, intelRdt ?? {}])
        equal(typeof enabled, 'boolean');
    },
  }),
];
