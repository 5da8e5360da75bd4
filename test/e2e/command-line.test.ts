// What callers parse and people read: versions, features, errors, reports.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import * as z from 'zod/mini';
import { featuresSchema } from '../../src/spec/features.js';
import { remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { bothWays } from '../rig/ways.js';
import { accepts } from '../spec/json-schema-check.js';

/** The one line of a failed command, out of its logfmt. */
function errorLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.includes('level=error'));
  expect(lines).toHaveLength(1);
  return JSON.parse(/ msg=(".*")$/.exec(lines[0] ?? '')?.[1] ?? '""');
}

const features = async (rig: Rig) =>
  z.parse(featuresSchema, JSON.parse((await rig.command(['features'])).stdout));

bothWays('the command line', (promise) => {
  promise('--version has name, commit, specification in lines', async (rig) => {
    const { status, stdout } = await rig.command(['--version']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^sampan version \d+\.\d+\.\d+\S*\ncommit: \S+\nspec: 1\.3\.0\n$/);
  });

  promise('no command prints the help, an unknown one fails and leaves nothing', async (rig) => {
    const { status, stdout } = await rig.command([]);
    expect({ status, usage: stdout.split('\n')[0] }).toEqual({
      status: 0,
      usage: 'sampan [global options] <command> [options] [arguments…]',
    });
    const unknown = await rig.command(['rnu', 'x']);
    expect(unknown.status).toBe(1);
    expect(errorLine(unknown.stderr)).toBe('sampan: rnu: unknown command; did you mean run');
  });

  promise('help tells the form of every value', async (rig) => {
    const { stdout } = await rig.command(['exec', '--help']);
    expect(stdout).toMatch(/--user .*UID\[:GID\]/);
    expect(stdout).toMatch(/--env .*NAME=VALUE/);
  });

  for (const [what, command, last] of [
    ['help', ['update', '--help'], /^Examples:$/m],
    ['the table of check', ['check'], /container can run here/],
  ] as const) {
    promise(`${what} has the width of the terminal`, async (rig) => {
      const terminal = await rig.terminal(command, { columns: 70, rows: 90 });
      await terminal.shows(last);
      const lines = (await terminal.screen()).split('\n');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(70);
    });
  }

  promise('help of every command is printed by --help and by help COMMAND', async (rig) => {
    const { stdout } = await rig.command(['--help']);
    const commands = [...stdout.matchAll(/^ {2}sampan (\w+)/gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual(expect.arrayContaining(['create', 'run', 'exec', 'explain', 'demo']));
    for (const command of commands) {
      const { status, stdout: text } = await rig.command([command, '--help']);
      expect({ status, text }).toEqual({
        status: 0,
        text: expect.stringMatching(`^sampan ${command} `),
      });
      expect((await rig.command(['help', command])).stdout).toBe(text);
    }
  });

  promise('an error goes to --log as JSON and to stderr as plain text', async (rig) => {
    const file = join(rig.directory('logs'), 'log');
    const log = ['--log', file, '--log-format', 'json'];
    const { status, stderr } = await rig.command([...log, 'state', 'nobody']);
    const record = JSON.parse(readFileSync(file, 'utf8'));
    expect(status).toBe(1);
    expect(record).toMatchObject({ level: 'error', msg: stderr.trimEnd() });
    expect(record.msg).toContain('does not exist');
    expect(new Date(record.time).getTime()).not.toBeNaN();
  });

  promise('a container that there is none of: delete --force is content with that', async (rig) => {
    const statuses = [
      ['state', 'x'],
      ['start', 'x'],
      ['kill', 'x'],
      ['delete', 'x'],
      ['ps', 'x'],
      ['exec', 'x', 'ls'],
      ['delete', '--force', 'x'],
      ['delete', 'x', '-f'],
    ].map(async (line) => [line.join(' '), (await rig.command(line)).status]);
    expect(await Promise.all(statuses)).toEqual([
      ['state x', 1],
      ['start x', 1],
      ['kill x', 1],
      ['delete x', 1],
      ['ps x', 1],
      ['exec x ls', 255],
      ['delete --force x', 0],
      ['delete x -f', 0],
    ]);
  });

  promise('features is the document of the specification', async (rig) => {
    const document = await features(rig);
    expect(document).toMatchObject({ ociVersionMin: '1.0.0', ociVersionMax: '1.3.0' });
    expect(document.mountOptions).toContain('rro');
    expect(document.linux?.namespaces).toContain('time');
  });

  promise('schema describes what features, state and spec print', async (rig) => {
    const schema = async (name: string) =>
      JSON.parse((await rig.command(['schema', name, '--strict'])).stdout);
    const [ofConfig, ofState] = [await schema('config'), await schema('state')];
    expect(accepts(await schema('features'), await features(rig))).toBe(true);
    const bundle = await rig.bundle();
    expect(accepts(ofConfig, bundle.config)).toBe(true);
    expect(accepts(ofConfig, { ...bundle.config, hostnmae: 'web' })).toBe(false);
    const { id } = await rig.create(bundle);
    const state = await rig.state(id);
    expect(accepts(ofState, state)).toBe(true);
    expect(accepts(ofState, { ...state, status: 'asleep' })).toBe(false);
    await remove(rig, id);
  });

  promise('every mount option that features lists is acted on', async (rig) => {
    const { mountOptions } = await features(rig);
    const bundle = await rig.bundle();
    const ids = [{ containerID: 0, hostID: 0, size: 1 }];
    const takenBy = async (type: 'tmpfs' | 'bind', options: string[]) => {
      const source = type === 'bind' ? bundle.rootfs : 'tmpfs';
      const maps = options.some((option) => option.endsWith('idmap'))
        ? { uidMappings: ids, gidMappings: ids }
        : {};
      bundle.edit((config) => {
        config.mounts = [{ destination: '/m', source, type, options, ...maps }];
      });
      const { status, stdout } = await rig.command(['explain', '--format=json', '-b', bundle.path]);
      const warnings = status === 0 ? JSON.parse(stdout).warnings : [];
      const about = ({ pointer }: { pointer: string }) => pointer.startsWith('/mounts/0');
      return status === 0 && !warnings.some(about);
    };
    // Some are about a mount, others about a new file system.
    const acted = async (option: string) =>
      (await takenBy('bind', ['rbind', option])) || (await takenBy('tmpfs', [option]));
    expect(await takenBy('bind', ['rbind', 'bogus'])).toBe(false);
    const without: string[] = [];
    for (const option of mountOptions ?? []) if (!(await acted(option))) without.push(option);
    // Only root may map the ids of a mount of the host.
    expect(without).toEqual(rig.identity.uid === 0 ? [] : ['idmap', 'ridmap']);
  });

  promise('spec writes config.json and never over another file', async (rig) => {
    const folder = rig.directory('new');
    expect(await rig.command(['spec', '-b', folder])).toMatchObject({ status: 0, stdout: '' });
    const text = readFileSync(join(folder, 'config.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ ociVersion: '1.3.0' });
    const { status, stderr } = await rig.command(['spec'], { cwd: folder });
    expect(status).toBe(1);
    expect(errorLine(stderr)).toContain('the file exists');
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(text);
  });

  promise('validate lists every problem and fails only for errors', async (rig) => {
    const bundle = await rig.bundle();
    expect((await rig.command(['validate', '-b', bundle.path])).status).toBe(0);
    bundle.edit((config) => Object.assign(config.process, { arg: [], cwd: 'tmp' }));
    bundle.edit((config) => Object.assign(config.root, { path: 'nowhere' }));
    const { status, stdout } = await rig.command(['validate', '-b', bundle.path]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/error +\/process\/cwd: /);
    expect(stdout).toMatch(/warning +\/process\/arg: .*"args"/);
    const json = await rig.command(['validate', '-b', bundle.path, '--format', 'json']);
    const pointers = JSON.parse(json.stdout).problems.map(
      ({ pointer }: { pointer: string }) => pointer,
    );
    expect(pointers).toEqual(expect.arrayContaining(['/process/cwd', '/process/arg']));
  });

  promise('validate tells what run would warn of, too', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => Object.assign(linux ?? {}, { resources: { pids: { limit: 5 } } }));
    const { status, stdout } = await rig.command(['validate', '-b', bundle.path]);
    expect(stdout).toMatch(/warning +\/linux\/resources\/pids\/limit: /);
    expect(status).toBe(0);
    bundle.edit((config) => Reflect.deleteProperty(config, 'process'));
    const without = await rig.command(['validate', '-b', bundle.path]);
    expect(without).toMatchObject({ status: 1, stdout: expect.stringContaining('no process') });
  });

  promise('a mistyped mount option is named by validate, and when the mount fails', async (rig) => {
    const bundle = (await rig.bundle()).runs('true');
    const typed = {
      destination: '/t',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['size=1m', 'noxec'],
    };
    bundle.edit((config) => config.mounts.push(typed));
    const { stdout } = await rig.command(['validate', '-b', bundle.path]);
    expect(stdout).toMatch(/warning +.mounts.\d+.options.1: .*did you mean "noexec"\?/);
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(errorLine(stderr)).toMatch(/noxec.*did you mean the option "noexec"\?/);
    bundle.edit(({ mounts }) => Object.assign(mounts.at(-1) ?? {}, { options: ['nodev,size=1m'] }));
    expect(errorLine((await rig.run(bundle)).stderr)).toMatch(
      /; write "nodev" as an element of its own: what has commas is for the file system$/,
    );
  });

  promise('explain names the place in config.json behind a step, and runs nothing', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => Object.assign(config, { hostname: 'explained' }));
    const text = await rig.command(['explain', '-b', bundle.path]);
    expect(text.status).toBe(0);
    expect(text.stdout).toMatch(/explained.*\/hostname|\/hostname.*explained/);
    const { stdout } = await rig.command(['explain', '-b', bundle.path, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, operation: 'run' });
    expect(JSON.parse(stdout).steps).toContainEqual({
      step: 'set-hostname',
      name: 'explained',
      pointer: '/hostname',
    });
    expect((await rig.command(['list', '-q'])).stdout).toBe('');
  });

  promise('demo runs a container and leaves nothing', async (rig) => {
    const folder = rig.directory('tmp');
    const env = { TMPDIR: folder, XDG_RUNTIME_DIR: folder };
    const { status, stdout } = await rig.command(['demo'], { env });
    expect({ status, first: stdout.split('\n')[0] }).toEqual({
      status: 0,
      first: expect.stringContaining(`uid ${rig.identity.uid}`),
    });
    expect(stdout).toMatch(/process +pid 1,/);
    expect(stdout).toMatch(/hostname +sampan-demo/);
    expect(stdout).toMatch(/pid +pid:\[\d+\] +own/);
    expect((await rig.execute(['ls', '-A', folder])).stdout).toBe('');
  });

  promise('output that cannot be written is an error', async (rig) => {
    const script = '"$@" >/dev/full';
    const line = ['sh', '-c', script, 'sh', ...rig.commandLine(), 'features'];
    const { status, stderr } = await rig.execute(line);
    expect(status).toBe(1);
    expect(errorLine(stderr)).toContain('no space left on device');
  });

  promise('process.json of exec with a fault is refused with 255', async (rig) => {
    const file = join(rig.directory('processes'), 'process.json');
    writeFileSync(file, '{"args": ["true"],');
    const { status, stderr } = await rig.command(['exec', '-p', file, 'x']);
    expect(status).toBe(255);
    expect(errorLine(stderr)).toContain('not valid JSON');
  });
});
