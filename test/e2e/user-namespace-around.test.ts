// Commands in a user namespace that somebody else has made: unshare(1), and what hides there.

import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Identity } from '../rig/identity.js';
import { detached, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asOther, asUser, bothWays, type Promises } from '../rig/ways.js';

/** What the written configurations of both kinds and the demo must do. */
function runsAsItIs(promise: Promises): void {
  for (const flags of [[], ['--rootless']]) {
    promise(`sampan spec ${flags.join(' ')}: runs as it is, without a word`, async (rig) => {
      const { status, stdout, stderr } = await runSpec(rig, flags, 'id -u; ls /proc/self/fd');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe('0\n0\n1\n2\n3\n');
    });
  }

  promise('sampan demo', async (rig) => {
    const { status, stdout, stderr } = await rig.command(['demo']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('sampan-demo');
  });
}

async function runSpec(rig: Rig, flags: readonly string[], script: string) {
  const bundle = await rig.bundle();
  await rig.execute(['rm', bundle.configPath]);
  // Written where a shell is the identity’s, so that it may be elsewhere mapped.
  const { status, stderr } = await rig.command(['spec', ...flags], { cwd: bundle.path });
  if (status !== 0) throw new Error(`spec: ${stderr}`);
  bundle.edit(({ process }) => {
    process.terminal = false;
  });
  return rig.run(bundle.runs(script));
}

const masking =
  'mount --bind /dev/null /proc/timer_list; mount --bind /proc/sys /proc/sys; exec unshare -Ur "$@"';

for (const [title, under] of [
  ['with one id', ['unshare', '-r']],
  ['and a mount namespace, with one id', ['unshare', '--user', '--map-root-user', '--mount']],
  ['below another', ['unshare', '-r', 'unshare', '-r']],
  ['whose /proc is masked', ['unshare', '-Urmpf', '--mount-proc', 'sh', '-c', masking, 'sh']],
] as const) {
  bothWays(`in a user namespace ${title}`, runsAsItIs, { under });
}

bothWays('in a user namespace on a host with cgroup version 2 only', runsAsItIs, {
  cgroup2: true,
  under: ['unshare', '-r'],
});

const ranges = ['unshare', '--map-auto', '--map-root-user'];
asUser('in a user namespace with ranges', runsAsItIs, { under: ranges });

bothWays(
  'from a user namespace beside that of the container',
  (promise) => {
    promise('exec is refused with the way there; all else works', async (rig) => {
      const bundle = await rig.bundle();
      const { id, remove } = await detached(rig, bundle);
      const { status, stderr } = await rig.command(['exec', id, 'true']);
      expect(status).toBe(255);
      expect(stderr).toMatch(/enter the container: .*\(EPERM\).*; .* nsenter --user --target PID/);
      await remove();
    });
  },
  { under: ['unshare', '-r'] },
);

bothWays(
  'in a user namespace whose maps nobody has written',
  (promise) => {
    promise('the error says so', async (rig) => {
      const { status, stderr } = await runSpec(rig, ['--rootless'], 'true');
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /make a user namespace: the uid of the caller is not mapped .*; write its maps first, as unshare --map-root-user does/,
      );
    });
  },
  { under: ['unshare', '--user'] },
);

const off = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';
bothWays(
  'in a user namespace below which there may be none',
  (promise) => {
    promise('root needs none', async (rig) => {
      expect((await runSpec(rig, [], 'echo ran')).stdout).toBe('ran\n');
    });

    promise('the error of an ordinary user says so, with the command', async (rig) => {
      const { status, stderr } = await runSpec(rig, ['--rootless'], 'true');
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /create user, .* \(ENOSPC\).*; user namespaces are switched off: sysctl -w user.max_user_namespaces=15000/,
      );
    });
  },
  { under: ['unshare', '-r', 'sh', '-c', off, 'sh'] },
);

for (const options of ['hidepid=2', 'hidepid=4', 'subset=pid']) {
  asUser(`where /proc is mounted with ${options}`, runsAsItIs, {
    prepared: `mount -t proc -o ${options} proc /proc`,
  });
}

/** A user whom only a directory service knows; nss-systemd(8) reads such files. */
const directory = [
  'mount -t tmpfs none /run && mkdir /run/userdb',
  `echo '{"userName":"ann","uid":54321,"gid":54321,"homeDirectory":"/","disposition":"regular"}' >/run/userdb/ann.user`,
  'ln -s ann.user /run/userdb/54321.user',
].join(' && ');
const ann: Identity = {
  ...{ name: 'ann', uid: 54321, gid: 54321, home: '/' },
  prefix: ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups', '--inh-caps=-all', '--'],
};
const hasService = readFileSync('/etc/nsswitch.conf', 'utf8').match(/^passwd:.*\bsystemd\b/m);

asOther(
  'a user whom only a name service knows',
  ann,
  (promise) => {
    const needs = promise.needs(hasService !== null, 'nsswitch.conf has no name service systemd');
    needs('has the ranges of its name', async (rig) => {
      const bundle = await rig.bundle();
      await rig.execute(['rm', bundle.configPath]);
      await rig.command(['spec'], { cwd: bundle.path });
      bundle.edit(({ process }) => {
        process.terminal = false;
      });
      const text = await printed(rig, bundle, 'cat /proc/self/uid_map');
      expect(text.trim().split(/\s+/).map(Number)).toEqual([0, 54321, 1, 1, 600000, 65536]);
    });
  },
  {
    prepared: directory,
    files: { '/etc/subuid': 'ann:600000:65536\n', '/etc/subgid': 'ann:600000:65536\n' },
  },
);
