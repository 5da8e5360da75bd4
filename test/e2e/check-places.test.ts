// `sampan check` where something is lacking: its verdict is what `run` then does, and both name the
// cause and what mends it.

import { expect } from '@jest/globals';
import type { BundleConfig } from '../rig/bundle.js';
import { agreement, type Execute, prepared } from '../rig/check.js';
import { amRoot } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

const placesCanBeMade = [amRoot, 'only root can prepare the place'] as const;

/** In a user namespace of one's own with the own ids, where a limit is set and rights are given up. */
const without = (kind: string) => [
  ...['unshare', '--user', '--map-current-user', '--keep-caps', 'sh', '-c'],
  `echo 0 >/proc/sys/user/max_${kind}_namespaces && exec setpriv --ambient-caps=-all --inh-caps=-all -- "$@"`,
  'sh',
];

bothWays('check under covers of /proc', (promise) => {
  promise.needs(...placesCanBeMade)('an ordinary user has no proc of its own', async (rig) => {
    const place = prepared(rig, 'mount --bind /dev/null /proc/uptime');
    const { ran, document, finding } = await agreement(rig, [], place);
    const isRoot = rig.identity.uid === 0;
    expect(ran).toBe(true);
    expect(document.facts.needs.mounts.includes('proc')).toBe(isRoot);
    expect(finding('/proc')?.verdict).toBe(isRoot ? 'works' : 'limited');
    expect(finding('/proc')?.meaning).toContain('/proc/uptime is covered');
    expect(finding('proc')?.verdict).toBe(isRoot ? 'works' : 'limited');
    if (isRoot) return;
    expect(finding('proc')?.meaning).toContain('/proc/uptime is covered');
    expect(finding('proc')?.mend).toContain('unmask=ALL');
  });

  promise.needs(...placesCanBeMade)('hidden processes hinder no container', async (rig) => {
    const place = prepared(rig, 'mount -t proc -o hidepid=2 proc /proc');
    const { finding } = await agreement(rig, [], place);
    expect(finding('/proc options')?.meaning).toMatch(/hidepid=(2|invisible)/);
  });
});

asUser('check without namespaces', (promise) => {
  promise('no user namespaces: check and run give the same cause and cure', async (rig) => {
    const place: Execute = (argv) => rig.execute([...without('user'), ...argv]);
    const { ran, obstacles, failure, finding } = await agreement(rig, [], place);
    expect(ran).toBe(false);
    expect(obstacles).toContain('user');
    expect(finding('user')?.meaning).toContain('user namespaces are switched off');
    expect(finding('user')?.mend).toBe('sysctl -w user.max_user_namespaces=15000');
    expect(failure).toContain(
      'user namespaces are switched off: sysctl -w user.max_user_namespaces=15000',
    );
    expect(failure.trim().split('\n')).toHaveLength(1);
  });

  promise('what a default container does not use is missing, and hinders none', async (rig) => {
    const place: Execute = (argv) => rig.execute([...without('time'), ...argv]);
    const { ran, obstacles, finding } = await agreement(rig, [], place);
    expect({ ran, obstacles }).toEqual({ ran: true, obstacles: [] });
    expect(finding('time')).toMatchObject({
      verdict: 'missing',
      mend: 'sysctl -w user.max_time_namespaces=15000',
    });
  });

  promise('as root of a user namespace without pid namespaces', async (rig) => {
    const script = 'echo 0 >/proc/sys/user/max_pid_namespaces && exec "$@"';
    const place: Execute = (argv) =>
      rig.execute(['unshare', '--map-root-user', 'sh', '-c', script, 'sh', ...argv]);
    const { ran, obstacles, failure, finding } = await agreement(rig, [], place);
    expect(ran).toBe(false);
    expect(obstacles).toContain('pid');
    expect(finding('pid')?.mend).toBe('sysctl -w user.max_pid_namespaces=15000');
    expect(failure).toContain('sysctl -w user.max_pid_namespaces=15000');
  });
});

bothWays('check in a chroot', (promise) => {
  promise.needs(...placesCanBeMade)('no container runs, and both say why', async (rig) => {
    const root = rig.directory('root');
    // Whatever lies at the top: the checkout may be anywhere.
    const script = `for d in /*; do
      [ -d $d ] || continue
      mkdir -p ${root}$d; mount --rbind $d ${root}$d
    done; exec chroot ${root} "$@"`;
    const { ran, failure, finding } = await agreement(rig, [], prepared(rig, script));
    expect(ran).toBe(false);
    const isRoot = rig.identity.uid === 0;
    expect(finding(isRoot ? 'root directory' : 'user')?.meaning).toContain('chroot');
    expect(failure).toContain(isRoot ? 'mount --bind DIR DIR' : 'refused in a chroot');
  });
});

asUser('check of ids', (promise) => {
  const limitedIds: Record<string, [string, string, RegExp, RegExp]> = {
    'no newuidmap': [
      'mkdir -p w; [ -c w/newuidmap ] || mknod w/newuidmap c 0 0; mount -t overlay -o lowerdir=w:/usr/bin none /usr/bin',
      'newuidmap',
      /not installed/,
      /apt install uidmap/,
    ],
    'a newuidmap without rights': [
      'cp /usr/bin/newuidmap plain; chmod 755 plain; mount --bind plain /usr/bin/newuidmap',
      'id maps',
      /newuidmap: .*failed/,
      /^chmod u\+s \/usr\/bin\/newuidmap \/usr\/bin\/newgidmap$/,
    ],
    'no ranges': [
      ': >none; mount --bind none /etc/subuid',
      '/etc/subuid',
      /^grants none/,
      /^as root: echo sampan-test:\d+:65536/,
    ],
    'too few': [
      'echo sampan-test:300000:1000 >few; mount --bind few /etc/subgid',
      '/etc/subgid',
      /^grants 300000-300999: images use up to/,
      /sampan-test/,
    ],
  };

  for (const [name, [script, what, meaning, mend]] of Object.entries(limitedIds)) {
    promise.needs(...placesCanBeMade)(`${name}: limited, and containers run`, async (rig) => {
      const { ran, finding } = await agreement(rig, [], prepared(rig, script));
      expect(ran).toBe(true);
      expect(finding(what)).toMatchObject({
        verdict: 'limited',
        meaning: expect.stringMatching(meaning),
        mend: expect.stringMatching(mend),
      });
    });
  }

  promise('no_new_privs: the helpers get no rights', async (rig) => {
    const place: Execute = (argv) => rig.execute(['setpriv', '--no-new-privs', '--', ...argv]);
    const { finding } = await agreement(rig, [], place);
    expect(finding('newuidmap')?.meaning).toContain('no_new_privs');
  });

  promise('one id in a user namespace', async (rig) => {
    const place: Execute = (argv) => rig.execute(['unshare', '--map-root-user', ...argv]);
    const { finding } = await agreement(rig, [], place);
    expect(finding('container')?.meaning).toContain('in a user namespace');
    expect(finding('devpts gid=5')?.verdict).toBe('limited');
  });
});

asRoot('check of memory', (promise) => {
  promise('that may not be executed', async (rig) => {
    const script = 'echo 2 >/proc/sys/vm/memfd_noexec; exec "$@"';
    const unshare = ['unshare', '--pid', '--fork', '--mount-proc', 'sh', '-ec', script, 'sh'];
    const place: Execute = (argv) => rig.execute([...unshare, ...argv]);
    const { ran, obstacles, finding } = await agreement(rig, [], place);
    expect({ ran, obstacles }).toEqual({ ran: false, obstacles: ['memfd'] });
    expect(finding('memfd')?.mend).toBe('sysctl -w vm.memfd_noexec=1');
  });
});

bothWays('check of places', (promise) => {
  promise.needs(...placesCanBeMade)(
    'a directory that is mounted noexec is told of',
    async (rig) => {
      const here = rig.directory('here');
      const script = `mount -t tmpfs -o noexec none ${here}; cd ${here}`;
      const { ran, finding } = await agreement(rig, [], prepared(rig, script));
      expect(ran).toBe(true);
      expect(finding('this directory')?.mend).toBe(`mount -o remount,exec ${here}`);
    },
  );

  promise.needs(...placesCanBeMade)('nowhere to try: the findings decide', async (rig) => {
    const closed = [rig.runtimeDirectory, '/var/tmp', '/dev/shm'];
    const script = closed.map((path) => `mount -t tmpfs -o ro none ${path}`).join('; ');
    const env = prepared(rig, script, ['env', '-u', 'XDG_RUNTIME_DIR', 'TMPDIR=/proc']);
    const { ran, document } = await agreement(rig, [], env);
    expect(ran).toBe(true);
    expect(document.facts).not.toHaveProperty('trial');
  });
});

bothWays('check in a container of sampan', (promise) => {
  promise('that may not map root', async (rig) => {
    const place = inContainer(rig, () => {});
    const { ran, obstacles, failure, finding } = await agreement(rig, [], place);
    expect(ran).toBe(false);
    expect(obstacles).toContain('user');
    expect(finding('container')?.meaning).toMatch(/^in one/);
    expect(finding('user')?.mend).toContain('start the outer container with that capability');
    expect(failure).toContain('start the outer container with that capability');
  });

  promise('with covers of /proc', async (rig) => {
    const place = inContainer(rig, mayMapRoot);
    const { ran, finding } = await agreement(rig, [], place);
    expect(ran).toBe(true);
    expect(finding('proc')).toMatchObject({ verdict: 'limited', needed: false });
  });

  promise('with nothing over /proc', async (rig) => {
    const place = inContainer(rig, (config) => {
      mayMapRoot(config);
      Object.assign(config.linux, { maskedPaths: [], readonlyPaths: [] });
    });
    const { ran, finding } = await agreement(rig, [], place);
    expect(ran).toBe(true);
    expect(finding('/proc')?.verdict).toBe('works');
  });
});

function mayMapRoot({ process }: BundleConfig): void {
  for (const set of Object.values(process.capabilities ?? {})) set?.push('CAP_SETFCAP');
}

/** Commands in a container that sees the whole machine, state root and bundles included. */
function inContainer(rig: Rig, change: (config: BundleConfig) => void): Execute {
  const outer = [...rig.commandLine().slice(0, 1), '--root', rig.directory('outer', 0o700)];
  return async (argv) => {
    const bundle = (await rig.bundle()).runs([...argv]).edit((config) => {
      config.root = { path: '/', readonly: true };
      config.process.env = Object.entries(rig.environment()).map(([k, v]) => `${k}=${v}`);
      change(config);
    });
    return rig.execute([...outer, 'run', '--bundle', bundle.path, rig.newId()]);
  };
}
