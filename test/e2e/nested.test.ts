// sampan in a container of sampan, as root and as an ordinary user of both.

import { expect } from '@jest/globals';
import type { BundleConfig } from '../rig/bundle.js';
import { parseMounts } from '../rig/inside.js';
import { capabilities, Outer, PODMANS_CAPABILITIES, unmasked } from '../rig/outer.js';
import { asUser, bothWays } from '../rig/ways.js';

/** Needed by root of a container that mounts. */
const MOUNTS = [...PODMANS_CAPABILITIES, 'CAP_SYS_ADMIN', 'CAP_NET_ADMIN', 'CAP_AUDIT_WRITE'];

const podmans = capabilities(PODMANS_CAPABILITIES);

function prints(...args: string[]): (config: BundleConfig) => void {
  return ({ process }) => {
    process.args = args;
  };
}

const mounts = prints('cat', '/proc/self/mountinfo');

bothWays('a container in a container', (promise) => {
  for (const [title, flags] of [
    ['the configuration of an ordinary user', ['--rootless']],
    ['the configuration of root', []],
  ] as const) {
    promise(`with masked /proc: ${title} binds that`, async (rig) => {
      const outer = await Outer.make(rig, podmans);
      const { status, stdout, stderr } = await outer.run(flags, mounts);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const proc = parseMounts(stdout).filter(({ target }) => target.startsWith('/proc'));
      // What the outer container hides stays hidden.
      expect(proc.map(({ target }) => target)).toEqual(
        expect.arrayContaining(['/proc', '/proc/sys', '/proc/timer_list', '/proc/keys']),
      );
    });

    promise(`with a whole /proc: ${title} has its own`, async (rig) => {
      const outer = await Outer.make(rig, (config) => {
        podmans(config);
        unmasked(config);
      });
      const { status, stdout } = await outer.run(
        flags,
        prints('sh', '-c', 'echo $$; exec ls /proc'),
      );
      expect(status).toBe(0);
      const pids = stdout.split('\n').filter((name) => /^\d+$/.test(name));
      expect(pids).toEqual(['1', '1']);
    });
  }

  promise('that may mount: no user namespace is needed', async (rig) => {
    const outer = await Outer.make(rig, (config) => {
      capabilities(MOUNTS)(config);
      unmasked(config);
      config.process.noNewPrivileges = false;
    });
    const script = 'readlink /proc/self/ns/user; hostname; cat /proc/1/comm; exit';
    const { status, stdout, stderr } = await outer.run([], prints('sh', '-c', script));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^user:\[\d+\]\nrunc\nsh\n$/);
  });

  promise('with masked /proc: a proc of its own is refused, with both ways out', async (rig) => {
    const outer = await Outer.make(rig, podmans);
    const { status, stderr } = await outer.run(['--rootless'], ({ mounts: all }) => {
      all[0] = { destination: '/proc', type: 'proc', source: 'proc' };
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /mount proc on \/proc: .*\(EPERM\) \[config.json \/mounts\/0\]; the \/proc here is masked by mounts on \/proc\/.*: .*--security-opt unmask=ALL.*, or bind mount \/proc as sampan spec does here/,
    );
  });

  for (const flags of [['--rootless'], []]) {
    promise(
      `whose filter refuses sethostname: spec ${flags.join(' ')} leaves it out`,
      async (rig) => {
        const outer = await Outer.make(rig, (config) => {
          podmans(config);
          config.linux.seccomp = noNames;
        });
        const { status, stdout, stderr } = await outer.run(flags, prints('hostname'));
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'runc\n', stderr: '' });
      },
    );
  }

  promise('whose filter refuses sethostname: the error says so', async (rig) => {
    const outer = await Outer.make(rig, (config) => {
      podmans(config);
      config.linux.seccomp = noNames;
    });
    const { status, stderr } = await outer.run(['--rootless'], (config) => {
      config.hostname = 'inner';
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /set hostname to inner: .*\(EPERM\) \[config.json \/hostname\]; the seccomp filter of an outer container refuses it: leave the name out/,
    );
  });

  promise('whose root may not map itself is refused with the capability', async (rig) => {
    const outer = await Outer.make(rig, () => {});
    const { status, stderr } = await outer.run(['--rootless'], prints('true'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /write id maps: .*\(EPERM\).*; only with CAP_SETFCAP may root map itself/,
    );
  });

  promise('whose seccomp filter is that of docker is refused with the filter', async (rig) => {
    const outer = await Outer.make(rig, (config) => {
      podmans(config);
      config.linux.seccomp = dockers;
    });
    const { status, stderr } = await outer.run(['--rootless'], prints('true'));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /create user, .* \(EPERM\).*; user namespaces are refused by the seccomp filter of an outer container: run that with --security-opt seccomp=unconfined/,
    );
  });
});

asUser('a container in a container of another user', (promise) => {
  for (const flags of [['--rootless'], []]) {
    promise(`needs no capabilities: spec ${flags.join(' ')}`, async (rig) => {
      const outer = await Outer.make(rig, ({ process, linux }) => {
        process.user = { uid: 1000, gid: 1000 };
        Object.assign(linux, ranges(rig.identity));
      });
      const { status, stdout, stderr } = await outer.run(
        flags,
        prints('cat', '/proc/self/uid_map'),
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.trim().split(/\s+/)).toEqual(['0', '1000', '1']);
    });
  }
});

/** That of the process is the caller's own. */
function ranges({ uid, gid, subuid, subgid }: import('../rig/identity.js').Identity) {
  const map = (own: number, first = 0) => [
    { containerID: 0, hostID: first, size: 1000 },
    { containerID: 1000, hostID: own, size: 1 },
  ];
  return { uidMappings: map(uid, subuid?.first), gidMappings: map(gid, subgid?.first) };
}

/** clone(2) with CLONE_NEWUSER is EPERM, clone3(2) is not there, as its flags cannot be looked at. */
const dockers: NonNullable<BundleConfig['linux']['seccomp']> = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    {
      names: ['clone', 'unshare'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 1,
      args: [{ index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0x10000000, valueTwo: 0x10000000 }],
    },
  ],
};

/** As podman's filter for who lacks CAP_SYS_ADMIN. */
const noNames: typeof dockers = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['sethostname', 'setdomainname'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
};
