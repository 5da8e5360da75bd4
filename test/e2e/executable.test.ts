// dist/sampan alone: no Node.js, no node_modules, nothing read from where it is started, nothing
// written to where it is.

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import { findBun } from '../../scripts/bun.mjs';
import { runtime } from '../rig/executable.js';
import { amRoot } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { bothWays } from '../rig/ways.js';

bothWays('the executable alone', (promise) => {
  promise('runs from a directory with nothing else that cannot be written', async (rig) => {
    const folder = rig.directory('alone');
    const copy = join(folder, 'sampan');
    copyFileSync(runtime.path, copy);
    chmodSync(folder, 0o555);
    const bundle = (await rig.bundle()).runs('echo runs');
    const tmp = rig.directory('empty-tmp', 0o555);
    const run = [copy, '--root', rig.stateDirectory, 'run', '-b', bundle.path, rig.newId()];
    const line = ['env', '-i', 'PATH=/nowhere', `TMPDIR=${tmp}`, `HOME=${tmp}`, ...run];
    const { status, stdout } = await rig.execute(line, { cwd: folder });
    expect({ stdout, status }).toEqual({ stdout: 'runs\n', status: 0 });
    const { stdout: left } = await rig.execute(['ls', '-A', folder, tmp]);
    expect(left).toBe(`${folder}:\nsampan\n\n${tmp}:\n`);
  });

  for (const [what, mounts] of [
    ['/tmp is noexec', 'mount --bind /tmp /tmp; mount -o remount,bind,noexec /tmp'],
    ['/tmp is read-only', 'mount --bind /tmp /tmp; mount -o remount,bind,ro /tmp'],
    ['/tmp is out of reach', 'mount -t tmpfs -o mode=0,ro none /tmp'],
    ['/dev/shm is noexec', 'mount -t tmpfs -o noexec,mode=1777 none /dev/shm'],
    ['/dev/shm and /tmp are noexec', noexec('/tmp /dev/shm')],
    ['/dev/shm and /tmp are read-only', readOnly('/tmp /dev/shm')],
  ] as const) {
    promise.needs(amRoot, 'only root can prepare such a /tmp')(
      `runs where ${what}`,
      async (rig) => {
        expect(await runWhere(rig, mounts)).toEqual({ stdout: 'runs\n', status: 0 });
      },
    );
  }

  promise('reads nothing of a hostile directory', async (rig) => {
    const { folder, proof } = hostileDirectory(rig);
    const bundle = (await rig.bundle()).runs('env');
    const id = rig.newId();
    const ran = await rig.command(['run', '-b', bundle.path, id], { cwd: folder });
    expect(ran.status).toBe(0);
    expect(ran.stdout).not.toMatch(/NOTIFY_SOCKET|HOSTILE/);
    for (const line of [['--help'], ['features'], ['list'], ['validate', '-b', bundle.path]]) {
      expect((await rig.command(line, { cwd: folder })).status).toBe(0);
    }
    expect(existsSync(proof)).toBe(false);
  });

  promise('reads nothing of a hostile directory that is the bundle', async (rig) => {
    const { folder, proof } = hostileDirectory(rig);
    const bundle = (await rig.bundle()).runs('env');
    await rig.execute(['cp', '-a', `${folder}/.`, bundle.path]);
    const ran = await rig.command(['run', rig.newId()], { cwd: bundle.path });
    expect(ran.status).toBe(0);
    expect(ran.stdout).not.toMatch(/NOTIFY_SOCKET|HOSTILE/);
    expect(existsSync(proof)).toBe(false);
  });

  promise('such a directory would reach a program that Bun runs there', async (rig) => {
    const { folder, proof } = hostileDirectory(rig);
    const bun = findBun() ?? 'bun';
    const script = join(folder, 'innocent.js');
    writeFileSync(script, 'console.log(process.env.NOTIFY_SOCKET)');
    execaSync(bun, ['run', script], { cwd: folder });
    expect(existsSync(proof)).toBe(true);
    execaSync('rm', [join(folder, 'tsconfig.json')]);
    const { stdout } = execaSync(bun, ['run', script], { cwd: folder });
    expect(stdout).toBe('/nowhere/notify');
  });

  promise('is not turned into something else by variables of the engine', async (rig) => {
    const { script, proof } = hostileDirectory(rig);
    for (const [name, value] of [
      ['BUN_OPTIONS', `--preload ${script}`],
      ['BUN_BE_BUN', '1'],
      ['BUN_INSPECT', `unix://${rig.dir}/inspect?wait=1`],
      ['BUN_INSPECT_PRELOAD', script],
      ['NODE_OPTIONS', `--require ${script}`],
    ] as const) {
      const env = { [name]: value };
      const { stdout } = await rig.command(['list', '-f', 'json'], { env, timeout: 10_000 });
      expect([name, stdout]).toEqual([name, '[]\n']);
      expect([name, existsSync(proof)]).toEqual([name, false]);
    }
  });

  promise('writes to no file that variables of the engine name', async (rig) => {
    const folder = rig.directory('out');
    for (const name of ['ORDER', 'ORDER_NAMES', 'DIGEST'].map((n) => `BUN_BYTECODE_${n}_OUT`)) {
      const file = join(folder, name);
      const { status } = await rig.command(['list'], { env: { [name]: file } });
      expect([name, status, existsSync(file)]).toEqual([name, 0, false]);
    }
  });
});

/** Binds each onto itself first: it may not be a mount. */
function remount(folders: string, option: string): string {
  return `for f in ${folders}; do mount --bind $f $f; mount -o remount,bind,${option} $f; done`;
}
function noexec(folders: string): string {
  return remount(folders, 'noexec');
}
function readOnly(folders: string): string {
  return remount(folders, 'ro');
}

/** Runs a container with a changed view of the host; the bundle and the state are out of its way. */
async function runWhere(rig: Rig, mounts: string): Promise<{ stdout: string; status: number }> {
  const bundle = (await rig.bundle()).runs('echo runs');
  const keep = `mkdir -p /run/${rig.token} && mount --rbind ${rig.dir} /run/${rig.token}`;
  const at = (path: string) => path.replace(rig.dir, `/run/${rig.token}`);
  const state = at(rig.stateDirectory);
  const run = ['--root', state, 'run', '-b', at(bundle.path), rig.newId()];
  const [sampan = ''] = rig.commandLine();
  const copy = join(rig.dir, 'copy-of-sampan');
  copyFileSync(sampan, copy);
  const line = [...rig.identity.prefix, at(copy), ...run];
  const script = `${keep}; ${mounts}; exec "$@"`;
  const all = ['--mount', 'sh', '-ec', script, 'sh', ...line];
  const { stdout, exitCode, stderr } = execaSync('unshare', all, {
    env: rig.environment(),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  rig.history.push(stderr);
  execaSync('rmdir', [`/run/${rig.token}`]);
  return { stdout, status: exitCode ?? -1 };
}

/** Everything that Bun reads by itself, each with something that would be noticed. */
function hostileDirectory(rig: Rig): { folder: string; script: string; proof: string } {
  const folder = rig.directory('hostile');
  const proof = join(rig.directory('proofs', 0o777), 'ran');
  const script = join(folder, 'evil.js');
  const evil = `require('node:fs').writeFileSync(${JSON.stringify(proof)}, 'ran');`;
  writeFileSync(script, evil);
  const variables = 'NOTIFY_SOCKET=/nowhere/notify\nHOSTILE=1\nLISTEN_FDS=9\n';
  for (const name of ['.env', '.env.local', '.env.production', '.env.development']) {
    writeFileSync(join(folder, name), variables);
  }
  writeFileSync(join(folder, 'bunfig.toml'), `preload = [${JSON.stringify(script)}]\n`);
  const paths = { '*': ['./evil.js'] };
  const tsconfig = { compilerOptions: { baseUrl: '.', paths } };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const main = {
    name: 'sampan',
    type: 'commonjs',
    main: './evil.js',
    imports: { '#*': './evil.js' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(main));
  for (const name of ['zod', 'zod/mini', 'yargs', 'yargs-parser', 'fs']) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), evil);
  }
  expect(readFileSync(join(folder, 'bunfig.toml'), 'utf8')).toContain('preload');
  return { folder, script, proof };
}
