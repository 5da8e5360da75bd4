// What the process is: user, groups, umask, limits, no_new_privs, working directory, environment.

import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { lines, printed } from '../rig/inside.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

bothWays('the process', (promise) => {
  promise('rlimits are exactly those asked for', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.rlimits = [
        { type: 'RLIMIT_NOFILE', soft: 512, hard: 600 },
        { type: 'RLIMIT_CORE', soft: 0, hard: 4096 },
        { type: 'RLIMIT_STACK', soft: 1048576, hard: 2097152 },
      ];
    });
    const output = await printed(rig, bundle, 'tr -s " " </proc/self/limits');
    expect(output).toMatch(/^Max open files 512 600 /m);
    expect(output).toMatch(/^Max core file size 0 4096 /m);
    expect(output).toMatch(/^Max stack size 1048576 2097152 /m);
  });

  promise('without a limit on open files the caller’s own holds, not the engine’s', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.rlimits = [];
      process.args = ['sh', '-c', 'ulimit -Sn'];
    });
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    // Set by its parent, and by the process that it is executed in.
    for (const script of ['ulimit -Sn 321; "$@"; exit $?', 'ulimit -Sn 321; exec "$@"']) {
      const { stdout } = await rig.execute(['sh', '-c', script, 'sh', ...run]);
      expect(stdout).toBe('321\n');
    }
  });

  promise('noNewPrivileges is what it says', async (rig) => {
    const bundle = await rig.bundle();
    for (const value of [true, false]) {
      bundle.edit(({ process }) => Object.assign(process, { noNewPrivileges: value }));
      const output = await printed(rig, bundle, 'grep NoNewPrivs /proc/self/status');
      expect(output).toBe(`NoNewPrivs:\t${Number(value)}\n`);
    }
  });

  promise('umask is 022, or what it is set to', async (rig) => {
    const bundle = await rig.bundle();
    expect(await printed(rig, bundle, 'umask')).toBe('0022\n');
    bundle.edit(({ process }) => Object.assign(process.user, { umask: 0o137 }));
    expect(await printed(rig, bundle, 'umask; touch /dev/shm/f; stat -c %a /dev/shm/f')).toBe(
      '0137\n640\n',
    );
    bundle.edit(({ process }) => Object.assign(process.user, { umask: 0 }));
    expect(await printed(rig, bundle, 'umask')).toBe('0000\n');
  });

  promise('cwd is entered, and made when it is missing', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process, root }) => {
      process.cwd = '/new/deep folder';
      root.readonly = false;
    });
    expect(await printed(rig, bundle, 'pwd')).toBe('/new/deep folder\n');
    const { mode, uid } = statSync(join(bundle.rootfs, 'new/deep folder'));
    expect({ mode: mode & 0o7777, uid }).toEqual({ mode: 0o755, uid: rig.identity.uid });
    bundle.edit(({ process }) => Object.assign(process, { cwd: '/dev/shm' }));
    expect(await printed(rig, bundle, 'pwd')).toBe('/dev/shm\n');
  });

  promise('env is the configuration’s and HOME only', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.env = ['PATH=/bin', 'A=1', 'EMPTY=', 'SPACE=a b', 'A=2'];
    });
    bundle.runs(['/bin/env']);
    const { stdout } = await rig.run(bundle, { env: { HOST_ONLY: 'x', LD_PRELOAD: '' } });
    // Of a name given twice the last counts.
    expect(stdout).toBe('PATH=/bin\nEMPTY=\nSPACE=a b\nA=2\nHOME=/root\n');
    bundle.edit(({ process }) => Object.assign(process, { env: ['PATH=/bin', 'HOME=/there'] }));
    bundle.runs(['/bin/env']);
    expect((await rig.run(bundle)).stdout).toBe('PATH=/bin\nHOME=/there\n');
  });

  promise('the program is searched in PATH of the configuration', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { env: ['PATH=/nowhere:/bin'] }));
    expect((await rig.run(bundle.runs(['echo', 'found']))).stdout).toBe('found\n');
    bundle.edit(({ process }) => Object.assign(process, { env: ['PATH=/nowhere'] }));
    const { status, stderr } = await rig.run(bundle.runs(['echo']));
    expect(status).toBe(1);
    expect(stderr).toContain('executable file not found in $PATH');
  });

  promise('arguments arrive as they are', async (rig) => {
    const bundle = await rig.bundle();
    const args = ['', ' two  spaces ', 'ünï→code', '"quoted"', "'", '$HOME', 'a\nb', '-n'];
    bundle.runs(['sh', '-c', 'for a; do printf "<%s>" "$a"; done', 'sh', ...args]);
    expect((await rig.run(bundle)).stdout).toBe(args.map((arg) => `<${arg}>`).join(''));
  });

  promise(
    'half a character in an argument is told apart, and no other byte than UTF-8',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.runs(['sh', '-c', 'printf %s "$1" | od -An -tx1', 'sh', 'a\ud800b\ud83d\ude80']);
      const bytes = ' 61 ef bf bd 62 f0 9f 9a 80';
      expect((await rig.run(bundle)).stdout.trimEnd()).toBe(bytes);
    },
  );

  promise('an environment that a small stack cannot hold is refused', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.rlimits = [{ type: 'RLIMIT_STACK', soft: 65536, hard: 65536 }];
      process.env = Array.from({ length: 40_000 }, (_, index) => `NAME_${index}=1`);
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/execve: argument list too long \(E2BIG\)/);
  });

  promise('is the leader of a session of its own, in the foreground of nothing', async (rig) => {
    const bundle = await rig.bundle();
    const script = 'cut -d" " -f1,5,6,7 /proc/1/stat; cat /dev/tty 2>/dev/null || echo no terminal';
    expect(await lines(rig, bundle, script)).toEqual(['1 1 1 0', 'no terminal']);
  });

  promise('has no signal blocked or ignored, whatever the caller had', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs(['/bin/grep', '-E', 'Sig(Blk|Ign)', '/proc/self/status']);
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const ignoring = 'trap "" INT QUIT TERM HUP USR1 PIPE; exec "$@"';
    const { stdout } = await rig.execute(['sh', '-c', ignoring, 'sh', ...run]);
    expect(stdout).toBe('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
  });

  promise('has no descriptor but the standard three', async (rig) => {
    const bundle = await rig.bundle();
    const extra = 'exec "$@" 7</dev/null 9</etc/passwd';
    bundle.runs(['/bin/ls', '/proc/self/fd']);
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const { stdout } = await rig.execute(['sh', '-c', extra, 'sh', ...run]);
    // 3 is the directory that ls reads.
    expect(stdout).toBe('0\n1\n2\n3\n');
  });
});

asRoot('the user of the process', (promise) => {
  promise(
    'may be one that cannot enter the working directory, as in other runtimes',
    async (rig) => {
      const bundle = (await rig.bundle()).edit(({ process }) => {
        Object.assign(process, { cwd: '/root', user: { uid: 1000, gid: 1000 } });
      });
      const root = join(bundle.rootfs, 'root');
      mkdirSync(root, { recursive: true });
      chmodSync(root, 0o700);
      expect(
        await printed(rig, bundle, 'readlink /proc/self/cwd; cd /root 2>/dev/null || id -u'),
      ).toBe('/root\n1000\n');
    },
  );

  promise('is named where nobody may enter the working directory', async (rig) => {
    const bundle = await rig.bundle();
    const root = join(bundle.rootfs, 'root');
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o700);
    // Of the ids that are mapped none has a right to it.
    bundle.edit((config) => {
      config.linux?.namespaces?.push({ type: 'user' });
      const ids = [{ containerID: 0, hostID: 100000, size: 10 }];
      Object.assign(config.linux ?? {}, { uidMappings: ids, gidMappings: ids });
      config.process.cwd = '/root';
    });
    const { stderr } = await rig.run(bundle);
    expect(stderr).toContain(
      'change directory to /root: chdir: permission denied (EACCES) [config.json /process/cwd]; process.user may not enter it',
    );
  });

  promise('uid, gid and additional groups are exactly those asked for', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.user = { uid: 1234, gid: 567, additionalGids: [10, 2000, 4000000000] };
    });
    const output = await printed(rig, bundle, 'grep -E "^(Uid|Gid|Groups)" /proc/self/status');
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => line.trimEnd()),
    ).toEqual([
      'Uid:\t1234\t1234\t1234\t1234',
      'Gid:\t567\t567\t567\t567',
      'Groups:\t10 2000 4000000000',
    ]);
    bundle.edit(({ process }) => Object.assign(process.user, { additionalGids: [] }));
    const alone = await printed(rig, bundle, 'grep Groups /proc/self/status');
    expect(alone.trim()).toBe('Groups:');
  });

  promise('can use its standard output by name', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { user: { uid: 1234, gid: 567 } }));
    expect(await printed(rig, bundle, 'echo by name >/dev/stdout')).toBe('by name\n');
  });

  promise('an unlimited rlimit stays so', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.rlimits = [{ type: 'RLIMIT_CPU', soft: 2 ** 64, hard: 2 ** 64 }];
      process.user = { uid: 1234, gid: 567 };
    });
    const output = await printed(rig, bundle, 'tr -s " " </proc/self/limits');
    expect(output).toMatch(/^Max cpu time unlimited unlimited /m);
  });
});

asUser('the user of the process', (promise) => {
  promise('is root in the container, the caller outside', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ root }) => Object.assign(root, { readonly: false }));
    expect(await printed(rig, bundle, 'id -u; id -g; touch /tmp/mine')).toBe('0\n0\n');
    const { uid, gid } = statSync(join(bundle.rootfs, 'tmp/mine'));
    expect({ uid, gid }).toEqual({ uid: rig.identity.uid, gid: rig.identity.gid });
  });

  promise('an id that is not mapped is refused with its place', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process.user, { uid: 5 }));
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/5 is not in the container.*\/process\/user\/uid/);
  });

  promise('an rlimit above the hard limit is refused with its place', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.rlimits = [{ type: 'RLIMIT_NOFILE', soft: 2 ** 31, hard: 2 ** 31 }];
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /set RLIMIT_NOFILE to .*operation not permitted.*\/process\/rlimits\/0.*CAP_SYS_RESOURCE/,
    );
  });
});
