// Files that are not what config.json takes them for: the root, the program, the working directory,
// sources of mounts, a bundle that vanishes.

import { chmodSync, chownSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Bundle, BundleConfig } from '../rig/bundle.js';
import { leftBehind } from '../rig/left-behind.js';
import { onlyLine, refusal } from '../rig/refusal.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

/** What `run` and `create` say; they say the same. */
async function refused(rig: Rig, bundle: Bundle): Promise<string> {
  const said = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
  expect(await refusal(rig, ['create', '-b', bundle.path, rig.newId()])).toBe(said);
  return said;
}

/** Writes a file of the rig's user in a root filesystem. */
function put(rig: Rig, path: string, content: string | Buffer, mode: number): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
  chownSync(path, rig.identity.uid, rig.identity.gid);
}

bothWays('a root filesystem', (promise) => {
  const roots: Record<string, readonly [make: (bundle: Bundle) => string, message: RegExp]> = {
    'that is missing': [() => 'nowhere', /nowhere: lstat: no such file or directory \(ENOENT\)/],
    'that is a file': [() => 'config.json', /config\.json: not a directory/],
    'that is a symbolic link': [
      (bundle) => {
        symlinkSync('rootfs', join(bundle.path, 'link'));
        return 'link';
      },
      /link: a symbolic link, not a directory/,
    ],
    'that is a symbolic link with a slash after it': [
      (bundle) => {
        symlinkSync('rootfs', join(bundle.path, 'link'));
        return 'link/';
      },
      /link: a symbolic link, not a directory/,
    ],
    'below a file': [() => 'config.json/x', /not a directory \(ENOTDIR\)/],
  };
  for (const [name, [make, message]] of Object.entries(roots)) {
    promise(`${name} is refused with its path`, async (rig) => {
      const bundle = await rig.bundle();
      const path = make(bundle);
      bundle.edit(({ root }) => Object.assign(root, { path }));
      const line = await refused(rig, bundle);
      expect(line).toMatch(message);
      expect(line).toContain('[config.json /root/path]');
      const { status, stdout } = await rig.command(['validate', '-b', bundle.path]);
      expect({ status, stdout }).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('/root/path'),
      });
    });
  }
});

/** Programs: what is made in the root filesystem, what is run, what is said. */
const programs: Record<
  string,
  readonly [make: (rig: Rig, rootfs: string) => void, args: string[], message: RegExp]
> = {
  'that is not in the PATH': [
    () => {},
    ['nope'],
    /^exec: "nope": executable file not found in \$PATH \(ENOENT\)/,
  ],
  'that is nowhere': [
    () => {},
    ['/opt/nope'],
    /^exec: "\/opt\/nope": stat \/opt\/nope: no such file or directory \(ENOENT\)/,
  ],
  'below a file': [() => {}, ['/bin/sh/x'], /^exec: "\/bin\/sh\/x": .*not a directory \(ENOTDIR\)/],
  'without the execute bit': [
    (rig, rootfs) => put(rig, join(rootfs, 'bin/data'), 'data\n', 0o644),
    ['/bin/data'],
    /^exec: "\/bin\/data": permission denied \(EACCES\) .*; it has no execute bit for this user$/,
  ],
  'in the PATH without the execute bit': [
    (rig, rootfs) => put(rig, join(rootfs, 'bin/data'), 'data\n', 0o644),
    ['data'],
    /^exec: "data": permission denied \(EACCES\) .*; it has no execute bit for this user$/,
  ],
  'that is a directory': [
    () => {},
    ['/etc'],
    /^exec: "\/etc": permission denied \(EACCES\) .*; it is a directory$/,
  ],
  'on a mount with noexec': [
    (rig, rootfs) => put(rig, join(rootfs, 'tmp/tool'), '#!/bin/sh\n', 0o755),
    ['/tmp/tool'],
    /^exec: "\/tmp\/tool": permission denied \(EACCES\) .*; it is on a mount with the option noexec$/,
  ],
};

bothWays('a program', (promise) => {
  for (const [name, [make, args, message]] of Object.entries(programs)) {
    promise(`${name} is told before it is started`, async (rig) => {
      const bundle = await rig.bundle();
      make(rig, bundle.rootfs);
      bundle.runs(args).edit(({ mounts }) => {
        const source = join(bundle.rootfs, 'tmp');
        const options = ['rbind', 'noexec', 'nosuid', 'nodev'];
        mounts.push({ destination: '/tmp', type: 'none', source, options });
      });
      const line = await refused(rig, bundle);
      expect(line).toMatch(message);
      expect(line).toContain('[config.json /process/args/0]');
    });
  }

  /** An ELF header that says which machine it is for, and nothing else. */
  const forMachine = (machine: number) => {
    const header = Buffer.alloc(64);
    header.write('\x7fELF\x02\x01\x01', 'latin1');
    header.writeUInt16LE(2, 16);
    header.writeUInt16LE(machine, 18);
    return header;
  };
  const broken: Record<string, readonly [content: string | Buffer, message: RegExp]> = {
    'of an unknown format': [
      '\x7fNOT a program\n',
      /execve: exec format error \(ENOEXEC\) .*; it is neither an ELF program nor a script with/,
    ],
    'for another machine': [
      forMachine(22),
      /execve: exec format error \(ENOEXEC\) .*; it is a program for s390x, see uname -m/,
    ],
    'whose interpreter is missing': [
      '#! /opt/nope -x\n',
      /execve: no such file or directory \(ENOENT\) .*; .* its interpreter "\/opt\/nope" is not$/,
    ],
    'with the line ends of Windows': [
      '#!/bin/sh\r\necho\r\n',
      /\(ENOENT\) .* its interpreter "\/bin\/sh\\r" is not: end the lines of the script with LF/,
    ],
    'that is empty': ['', /execve: exec format error \(ENOEXEC\)/],
  };
  for (const [name, [content, message]] of Object.entries(broken)) {
    promise(`${name} is told by run, and by start after create`, async (rig) => {
      const bundle = await rig.bundle();
      put(rig, join(bundle.rootfs, 'bin/tool'), content, 0o755);
      bundle.runs(['tool']);
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/^exec: "\/bin\/tool": /);
      expect(line).toMatch(message);
      expect(line).toContain('[config.json /process/args');
      const { id } = await rig.create(bundle);
      const started = await rig.command(['start', id]);
      expect(started.status).toBe(1);
      expect(onlyLine(started)).toMatch(message);
      expect((await rig.state(id)).status).toBe('stopped');
      expect(onlyLine(await rig.command(['start', id]))).toMatch(/it is stopped, not created/);
      expect((await rig.command(['delete', id])).status).toBe(0);
    });
  }
});

bothWays('a working directory', (promise) => {
  const places = ['/proc/self/fd/7', '/proc/self/cwd', '/proc/1/root', '/proc/self/fd/3/../../etc'];
  for (const cwd of places) {
    promise(`${cwd} is refused, as it could lead out of the root`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => Object.assign(process, { cwd }));
      // The numbers of init's own descriptors differ.
      for (const verb of ['run', 'create']) {
        const line = await refusal(rig, [verb, '-b', bundle.path, rig.newId()]);
        expect(line).toContain(`${cwd}: `);
        expect(line).toMatch(/\((ELOOP|ENOENT)\) \[config\.json \/process\/cwd\]; /);
      }
    });
  }

  promise('with any number of .. stays in the root', async (rig) => {
    const bundle = await rig.bundle();
    const outside = join(rig.directory('outside'), 'made');
    symlinkSync(outside, join(bundle.rootfs, 'away'));
    bundle.runs('pwd; ls -d /tmp').edit(({ process }) => {
      process.cwd = '/../../../../../../../tmp/x/../..';
    });
    expect((await rig.run(bundle)).stdout).toBe('/\n/tmp\n');
    bundle.edit(({ process }) => Object.assign(process, { cwd: '/away' }));
    expect(await refused(rig, bundle)).toMatch(
      /\/away: .*\(ENOENT\) \[config\.json \/process\/cwd\]/,
    );
    expect(execaSync('ls', ['-A', join(rig.dir, 'outside')]).stdout).toBe('');
  });

  promise('that is a file is told so', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { cwd: '/etc/passwd' }));
    expect(await refused(rig, bundle)).toMatch(
      /\/etc\/passwd: openat2: not a directory \(ENOTDIR\) \[config\.json \/process\/cwd\]/,
    );
  });
});

type Mount = BundleConfig['mounts'][number];

/** Mounts that cannot be made, and what is said of them. */
const mounts: Record<string, readonly [mount: Mount, message: RegExp]> = {
  'whose source is missing': [
    { destination: '/m', type: 'none', source: '/nowhere', options: ['rbind'] },
    /\/nowhere.*: open_tree: no such file or directory \(ENOENT\) .*; make \/nowhere on the host/,
  ],
  'of an unknown file system type': [
    { destination: '/m', type: 'wombatfs', source: 'x' },
    /^mount wombatfs on \/m: fsopen: no such device \(ENODEV\) .*; this kernel has no file system/,
  ],
  'of a mistyped file system type': [
    { destination: '/m', type: 'tempfs', source: 'x' },
    /no file system tempfs, did you mean "tmpfs"\?/,
  ],
  'with an option that its file system does not know': [
    { destination: '/m', type: 'tmpfs', source: 'x', options: ['wombats=7'] },
    /^mount tmpfs on \/m: wombats=7: fsconfig: invalid argument: tmpfs: Unknown parameter 'wombats' \(EINVAL\)/,
  ],
  'with a value that its file system does not take': [
    { destination: '/m', type: 'tmpfs', source: 'x', options: ['size=many'] },
    /^mount tmpfs on \/m: size=many: fsconfig: invalid argument: tmpfs: Bad value for 'size' \(EINVAL\)/,
  ],
  'of a directory onto a file': [
    { destination: '/etc/passwd', type: 'none', source: '/usr', options: ['rbind'] },
    /\/etc\/passwd: openat2: not a directory \(ENOTDIR\).*; what is not a directory cannot be mounted on/,
  ],
  'of a file onto a directory': [
    { destination: '/etc', type: 'none', source: '/etc/hostname', options: ['bind'] },
    /\/etc: .*; what is not a directory cannot be mounted on a directory/,
  ],
  'of a block device that is not there': [
    { destination: '/m', type: 'ext4', source: '/dev/nowhere' },
    /^mount ext4 on \/m: /,
  ],
};

bothWays('a mount', (promise) => {
  for (const [name, [mount, message]] of Object.entries(mounts)) {
    promise(`${name} is told with its place`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit((config) => config.mounts.push(mount));
      const line = await refused(rig, bundle);
      expect(line).toMatch(message);
      expect(line).toContain(`[config.json /mounts/${bundle.config.mounts.length - 1}]`);
    });
  }
});

/**
 * Starts a command with `--config` naming a fifo, and calls `meanwhile` when the bundle is known and
 * the configuration not yet read.
 */
async function betweenReadAndLaunch(rig: Rig, bundle: Bundle, verb: string, meanwhile: () => void) {
  const fifo = join(bundle.path, 'fifo');
  const text = JSON.stringify(bundle.config);
  execaSync('mkfifo', ['-m', '666', fifo]);
  const id = rig.newId();
  const running = rig.start([verb, '-b', bundle.path, '--config', fifo, id]);
  // Opening a fifo waits for its reader, so this is the moment.
  const writer = rig.execute(['sh', '-c', 'exec 3>"$1"; cat >&3', 'sh', fifo], { input: text });
  meanwhile();
  await writer;
  return { id, ran: await running.ended };
}

bothWays('a bundle that vanishes', (promise) => {
  promise('before its configuration is read leaves nothing', async (rig) => {
    const bundle = await rig.bundle();
    for (const verb of ['run', 'create']) {
      rmSync(join(bundle.path, 'fifo'), { force: true });
      const { ran } = await betweenReadAndLaunch(rig, bundle, verb, () => {
        renameSync(bundle.rootfs, `${bundle.rootfs}-away`);
      });
      expect(ran.status).toBe(1);
      expect(onlyLine(ran)).toMatch(
        /rootfs: .*no such file or directory \(ENOENT\) \[config\.json \/root\/path\]/,
      );
      expect(await leftBehind(rig)).toEqual([]);
      renameSync(`${bundle.rootfs}-away`, bundle.rootfs);
    }
  });

  promise('at any moment of run ends in the program or in one line', async (rig) => {
    const bundle = await rig.bundle();
    const away = `${bundle.path}-away`;
    const statuses: number[] = [];
    const runs = () => statuses.filter((status) => status === 0).length;
    for (let delay = 0; delay < 4000 && runs() < 3; delay += Math.max(2, delay / 8)) {
      const running = rig.start(['run', '-b', bundle.path, rig.newId()]);
      await new Promise((resolve) => setTimeout(resolve, delay));
      renameSync(bundle.path, away);
      const ran = await running.ended;
      statuses.push(ran.status);
      if (ran.status !== 0) expect(onlyLine(ran)).toContain(bundle.path);
      expect(await leftBehind(rig)).toEqual([]);
      renameSync(away, bundle.path);
    }
    expect([...new Set(statuses)].sort()).toEqual([0, 1]);
  });

  promise('after create is still what start runs', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs('echo I run');
    const { id, ran } = await rig.create(bundle);
    renameSync(bundle.path, `${bundle.path}-away`);
    expect((await rig.command(['start', id])).status).toBe(0);
    expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
    expect(ran.outputSoFar()).toBe('I run\n');
    expect((await rig.command(['delete', id])).status).toBe(0);
  });

  promise('with its files after create makes start fail, and delete works', async (rig) => {
    const bundle = await rig.bundle();
    const { id } = await rig.create(bundle);
    rmSync(bundle.path, { recursive: true });
    const started = await rig.command(['start', id]);
    expect(started.status).toBe(1);
    expect(onlyLine(started)).toMatch(/^exec: .*execve: no such file or directory \(ENOENT\)/);
    expect((await rig.command(['delete', id])).status).toBe(0);
  });
});
