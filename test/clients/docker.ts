// Docker Engine whose containers one runtime makes. Its state and images are below its view's rig.

import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Runtime, runtimeFor } from '../rig/executable.js';
import type { Ran } from '../rig/execute.js';
import { ordinaryUser } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import type { Size } from '../rig/terminal.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';
import { Daemon, programFor, type Service, Services, Session, type Shown } from './daemon.js';
import { imageArchive, imageName } from './image.js';
import { whyNot } from './podman.js';
import type { View } from './view.js';

interface DockerService extends Service {
  readonly docker: readonly string[];
}

/** The daemons; a file of tests ends them. */
export const dockers = new Services<DockerService>((view, runtime) => start(view, runtime));
/** Those whose containers are in user namespaces, with the ids of an ordinary user. */
export const remappingDockers = new Services<DockerService>((view, runtime) =>
  start(view, runtime, [`--userns-remap=${ordinaryUser().name}`]),
);

/** Those that an ordinary user has. */
export const rootlessDockers = new Services<DockerService>((view, runtime) =>
  start(view, runtime, ['--rootless'], rootless(view)),
);

/** Debian's, of the same version as its daemon, whatever else is in PATH. */
const client = '/usr/bin/docker';

async function start(
  view: View,
  runtime: Runtime,
  flags: readonly string[] = [],
  prefix: readonly string[] = [],
): Promise<DockerService> {
  const { dir } = view.rig;
  const docker = [client, '--config', join(dir, 'config'), '--host', `unix://${dir}/docker.sock`];
  const { path, PATH } = programFor(reachable(runtime), view);
  const argv = [...prefix, 'dockerd', ...commandLine(view, path), ...flags];
  const daemon = await new Daemon(view, {
    argv,
    env: { PATH },
    ping: [...docker, 'version'],
  }).start();
  const script = `
    ${docker.join(' ')} load --input ${await imageArchive(dir)}
    for network in ${flags.length === 0 ? 'none host' : 'none'}; do
      ${docker.join(' ')} run --rm --network $network ${imageName} true
    done`;
  // The first containers have Docker make directories that stay.
  const { status, stderr } = await view.execute(['sh', '-ec', script]);
  if (status !== 0) throw new Error(`docker load and run: ${stderr}`);
  return { view, daemon, docker };
}

/** Where an ordinary user can execute it too. */
function reachable(runtime: Runtime): Runtime {
  return { ...runtime, path: runtimeFor(ordinaryUser(), runtime) };
}

/** Words before dockerd: the ordinary user, in a user namespace with an own /etc and /run. */
function rootless({ rig }: View): string[] {
  const { prefix, uid, gid, home } = ordinaryUser();
  const own = ['data', 'state', 'run'].map((name) => join(rig.dir, name));
  for (const path of own) mkdirSync(path);
  for (const path of [rig.dir, ...own]) chownSync(path, uid, gid);
  const run = join(rig.dir, 'run');
  const kit = ['rootlesskit', `--state-dir=${run}/kit`, '--net=host', '--propagation=rslave'];
  const script = 'rm -rf /run/docker /run/containerd; exec "$@"';
  const env = ['env', `HOME=${home}`, `XDG_RUNTIME_DIR=${run}`];
  return [...env, ...prefix, ...kit, '--copy-up=/etc', '--copy-up=/run', 'sh', '-c', script, 'sh'];
}

/** The runtime is one that has been added, and the one that builds and runs use. */
function commandLine({ rig, cgroup }: View, program: string): string[] {
  const { dir, stateDirectory } = rig;
  const places = ['--data-root', `${dir}/data`, '--exec-root', stateDirectory];
  const configuration = join(dir, 'daemon.json');
  writeFileSync(configuration, '{}');
  return [
    ...['--config-file', configuration, '--host', `unix://${dir}/docker.sock`],
    ...['--pidfile', `${dir}/docker.pid`, ...places],
    ...['--add-runtime', `tested=${program}`, '--default-runtime', 'tested'],
    ...['--cgroup-parent', cgroup, '--exec-opt', 'native.cgroupdriver=cgroupfs'],
    ...['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
    ...['--live-restore', '--experimental', '--storage-driver', 'overlay2'],
  ];
}

/** `docker` with a daemon. */
export class Docker extends Session<DockerService> {
  /** `docker ARG…`. */
  command(args: readonly string[], options: Shown = {}): Promise<Ran> {
    return this.run([...this.service.docker, ...args], args, options);
  }

  /** The same; what it prints, without the last line's end; throws unless it succeeds. */
  async must(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.command(args);
    if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** What it shows in a terminal. */
  terminal(args: readonly string[], size?: Size): Promise<string> {
    return this.screen([...this.service.docker, ...args], size);
  }

  /** `docker run --rm FLAG… IMAGE ARG…`. */
  foreground(flags: readonly string[], args: readonly string[], options?: Shown): Promise<Ran> {
    const line = ['run', '--rm', ...network(flags), ...flags, imageName, ...args];
    return this.command(line, options);
  }

  /** What a script prints in a container. */
  async printed(flags: readonly string[], script: string): Promise<string> {
    const { status, stdout, stderr } = await this.foreground(flags, ['sh', '-c', script]);
    if (status !== 0) throw new Error(`the container ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Starts a container called `stays`. */
  async detach(flags: readonly string[], args: readonly string[]): Promise<void> {
    const common = ['run', '--detach', '--name', 'stays', ...network(flags)];
    await this.must(...common, ...flags, imageName, ...args);
  }

  /** A field of `docker inspect stays` when it is `wanted` or that is late. */
  async field(path: string, wanted: string, milliseconds = 10_000): Promise<string> {
    const { view, docker } = this.service;
    let found = '';
    const isWanted = async () => {
      const line = ['inspect', '--format', `{{.${path}}}`, 'stays'];
      found = (await view.execute([...docker, ...line])).stdout.trim();
      return found === wanted;
    };
    await until(isWanted, milliseconds);
    return found;
  }

  /** What `stays` has written, when it has written `text`. */
  async logs(text: string): Promise<string> {
    const { view, docker } = this.service;
    let all = '';
    await until(async () => {
      all = (await view.execute([...docker, 'logs', 'stays'])).stdout;
      return all.includes(text);
    });
    return all;
  }

  /** What /proc says of the first process of `stays`. */
  async proc(file: string): Promise<string> {
    const { view, docker } = this.service;
    const line = [...docker, 'inspect', '--format', '{{.State.Pid}}', 'stays'];
    const { stdout } = await view.execute(line);
    return readFileSync(`/proc/${stdout.trim()}/${file}`, 'utf8');
  }

  /** Ends the daemon, and starts it anew. */
  async restart(): Promise<void> {
    await this.service.daemon.end();
    await this.service.daemon.start();
  }

  /** Removes all containers; throws if something of the test is left. */
  async end(): Promise<void> {
    const docker = this.service.docker.join(' ');
    const script = `
      ${docker} ps --all --quiet | xargs --no-run-if-empty ${docker} rm --force --volumes
      ${docker} volume prune --force`;
    await this.service.view.execute(['sh', '-c', script]);
    await this.settle();
  }
}

function network(flags: readonly string[]): string[] {
  return flags.includes('--network') ? [] : ['--network', 'none'];
}

/** Docker with one kind of daemons. */
function caller(
  name: string,
  daemons: Services<DockerService>,
  ...programs: string[]
): Caller<Docker> {
  return {
    name,
    lacking: whyNot(
      ...programs,
      'dockerd',
      client,
      'containerd',
      'containerd-shim-runc-v2',
      'busybox',
    ),
    open: async (rig: Rig, transcript: Transcript) =>
      new Docker(rig, await daemons.for(rig.runtime), transcript),
    close: (session) => session.end(),
  };
}

export const docker = caller('Docker', dockers);
export const remappingDocker = caller('Docker with --userns-remap', remappingDockers);
export const rootlessDocker = caller('Docker, rootless', rootlessDockers, 'rootlesskit');
