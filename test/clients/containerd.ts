// containerd whose shim calls one runtime, driven by `ctr`. Its state and images are below its view's rig.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../rig/executable.js';
import type { Ran } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import type { Size } from '../rig/terminal.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';
import { containerdConfig } from './containerd-config.js';
import { Daemon, programFor, type Service, Services, Session, type Shown } from './daemon.js';
import { imageArchive, imageName } from './image.js';
import { whyNot } from './podman.js';
import type { View } from './view.js';

interface ContainerdService extends Service {
  /** What `--runc-binary` names. */
  readonly program: string;
  readonly ctr: readonly string[];
}

/** The daemons; a file of tests ends them. */
export const containerds = new Services<ContainerdService>(start);

const namespace = 'box';

async function start(view: View, runtime: Runtime): Promise<ContainerdService> {
  const address = join(view.rig.dir, 'containerd.sock');
  const argv = ['containerd', '--config', writeConfig(view.rig, address)];
  const ctr = ['ctr', '--address', address, '--namespace', namespace];
  const { path, PATH } = programFor(runtime, view);
  const daemon = await new Daemon(view, { argv, env: { PATH }, ping: [...ctr, 'version'] }).start();
  await view.execute([...ctr, 'images', 'import', await imageArchive(view.rig.dir)]);
  // The first container has containerd make directories that stay.
  await view.execute([...ctr, 'run', '--rm', imageName, 'first', 'true']);
  return { view, daemon, program: path, ctr };
}

function writeConfig(rig: Rig, address: string): string {
  const path = join(rig.dir, 'config.toml');
  const root = join(rig.dir, 'containerd');
  writeFileSync(path, containerdConfig(root, rig.stateDirectory, address));
  return path;
}

/** `ctr` with a containerd. */
export class Ctr extends Session<ContainerdService> {
  static async in(rig: Rig, transcript: Transcript): Promise<Ctr> {
    return new Ctr(rig, await containerds.for(rig.runtime), transcript);
  }

  /** `ctr ARG…`. */
  command(args: readonly string[], options: Shown = {}): Promise<Ran> {
    return this.run([...this.service.ctr, ...args], args, options);
  }

  /** What it shows in a terminal. */
  terminal(args: readonly string[], size?: Size): Promise<string> {
    return this.screen([...this.service.ctr, ...args], size);
  }

  /** The same; throws unless it succeeds. */
  async must(args: readonly string[], options: Shown = {}): Promise<string> {
    const { status, stdout, stderr } = await this.command(args, options);
    if (status !== 0) throw new Error(`ctr ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** `ctr run --rm FLAG… IMAGE ID ARG…` in the foreground. */
  foreground(flags: readonly string[], args: readonly string[]): Promise<Ran> {
    return this.command(this.runLine(['--rm', ...flags], `${this.rig.token}-run`, args));
  }

  /** Starts a container called `stays`. */
  async detach(flags: readonly string[], args: readonly string[]): Promise<void> {
    await this.must(this.runLine(['--detach', ...flags], 'stays', args));
  }

  /** The same; what it has written so far can be read. */
  async detachWithLog(args: readonly string[]): Promise<() => string> {
    const path = join(this.place('log'), 'log');
    await this.detach(['--log-uri', `file://${path}`], args);
    return () => readFileSync(path, 'utf8');
  }

  /** The words of `ctr run`. */
  runLine(flags: readonly string[], id: string, args: readonly string[], image = imageName) {
    const { program, view } = this.service;
    const cgroup = ['--cgroup', `${view.cgroup}/${id}`];
    // Without a controller for CPU time runc refuses the shares that ctr asks for by default.
    const common = ['--runc-binary', program, '--cpu-shares', '0', ...cgroup];
    return ['run', ...common, ...flags, image, id, ...args];
  }

  /** What `ctr tasks ls` says of `stays` when it says `wanted` or is late; nothing if it is not there. */
  async status(wanted: string): Promise<string> {
    let status = '';
    await until(async () => {
      status = (await this.task())[2] ?? '';
      return status === wanted;
    });
    return status;
  }

  /** The pid of the first process of `stays`. */
  async pid(): Promise<number> {
    return Number((await this.task())[1]);
  }

  /** How many processes `stays` has. */
  async processes(): Promise<number> {
    const { view, ctr } = this.service;
    const { stdout } = await view.execute([...ctr, 'tasks', 'ps', 'stays']);
    return stdout.trim().split('\n').length - 1;
  }

  private async task(): Promise<string[]> {
    const { view, ctr } = this.service;
    const lines = (await view.execute([...ctr, 'tasks', 'ls'])).stdout.split('\n');
    return lines.map((line) => line.split(/\s+/)).find(([name]) => name === 'stays') ?? [];
  }

  /** Watches until a topic was told of; the topics of tasks so far. */
  async watch(): Promise<(topic: string) => Promise<string[]>> {
    const { view, ctr } = this.service;
    const running = view.launch([...ctr, 'events']);
    // The only way to know that it watches is to see an event.
    await until(async () => {
      await view.execute([...ctr, 'namespaces', 'label', namespace, `at=${Date.now()}`]);
      return running.outputSoFar() !== '';
    });
    const topics = (): string[] => running.outputSoFar().match(/\/tasks\/\S+/g) ?? [];
    return async (topic) => {
      await until(() => topics().includes(topic));
      running.signal('SIGTERM');
      await running.ended;
      return topics();
    };
  }

  /** Kills the daemon, and starts it anew. */
  async restart(): Promise<void> {
    await this.service.daemon.end('SIGKILL');
    await this.service.daemon.start();
  }

  /** Removes all containers; throws if something of the test is left. */
  async end(): Promise<void> {
    const ctr = this.service.ctr.join(' ');
    const script = `
      for id in $(${ctr} tasks ls -q); do ${ctr} tasks rm --force $id; done
      for id in $(${ctr} containers ls -q); do ${ctr} containers rm $id; done`;
    await this.service.view.execute(['sh', '-c', script]);
    await this.settle();
  }
}

export const containerd: Caller<Ctr> = {
  name: 'containerd',
  lacking: whyNot('containerd', 'ctr', 'containerd-shim-runc-v2', 'busybox'),
  open: Ctr.in,
  close: (client) => client.end(),
};
