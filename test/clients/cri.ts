// What the kubelet does: containerd's container runtime interface (CRI), with a handler as a RuntimeClass
// names it. The numbers of fields are those of k8s.io/cri-api, runtime/v1/api.proto.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../rig/executable.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';
import { Daemon, programFor, type Service, Services, Session } from './daemon.js';
import { type Answer, call, type Message, number, text, within } from './grpc.js';
import { imageArchive, imageName } from './image.js';
import { whyNot } from './podman.js';
import type { View } from './view.js';

interface CriService extends Service {
  readonly socket: string;
  /** Where the logs of containers are. */
  readonly logs: string;
}

/** The daemons; a file of tests ends them. */
export const cris = new Services<CriService>(start);

/** What a RuntimeClass has as its `handler`. */
export const handler = 'tested';

async function start(view: View, runtime: Runtime): Promise<CriService> {
  const { dir } = view.rig;
  const socket = join(dir, 'containerd.sock');
  const ctr = ['ctr', '--address', socket, '--namespace', 'k8s.io'];
  const { path, PATH } = programFor(runtime, view);
  // Nodes have a network of their own here: links of pods end in it.
  const node = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const argv = [...node, 'containerd', '--config', writeConfig(view.rig, path, socket)];
  const daemon = await new Daemon(view, { argv, env: { PATH }, ping: [...ctr, 'version'] }).start();
  const archive = await imageArchive(dir);
  const { status, stderr } = await view.execute([...ctr, 'images', 'import', archive]);
  if (status !== 0) throw new Error(`ctr images import: ${stderr}`);
  const logs = join(dir, 'logs');
  mkdirSync(logs);
  const service = { view, daemon, socket, logs };
  await firstPod(service);
  return service;
}

/** The first pod and container have containerd make directories that stay. */
async function firstPod({ view, socket, logs }: CriService): Promise<void> {
  const must = async (method: string, request: Message) => {
    const answer = await call(socket, `/runtime.v1.RuntimeService/${method}`, request);
    if (answer.code !== 0) throw new Error(`${method}: ${answer.message}`);
    return text(answer.fields, 1);
  };
  const config = { 1: { 1: 'first', 2: 'first', 3: 'default' }, 3: logs, 8: { 1: view.cgroup } };
  const pod = await must('RunPodSandbox', { 1: config });
  const container = { 1: { 1: 'first' }, 2: { 1: imageName }, 11: 'first.log' };
  await must('CreateContainer', { 1: pod, 2: container, 3: config });
  await must('StopPodSandbox', { 1: pod });
  await must('RemovePodSandbox', { 1: pod });
}

function writeConfig(rig: Rig, runtime: string, socket: string): string {
  const { dir, stateDirectory } = rig;
  const network = join(dir, 'net.d');
  mkdirSync(network);
  writeFileSync(join(network, 'pods.conflist'), JSON.stringify(pods(dir)));
  const path = join(dir, 'config.toml');
  const text = `version = 2
root = "${dir}/containerd"
state = "${stateDirectory}"
[grpc]
  address = "${socket}"
[ttrpc]
  address = "${socket}.ttrpc"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${imageName}"
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${network}"
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "${handler}"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${handler}.options]
  BinaryName = "${runtime}"
`;
  writeFileSync(path, text);
  return path;
}

/** A network of pods: a link from each to the node. */
function pods(dir: string): unknown {
  const ipam = { type: 'host-local', subnet: '10.123.0.0/24', dataDir: `${dir}/addresses` };
  return { cniVersion: '0.4.0', name: 'pods', plugins: [{ type: 'ptp', ipam }] };
}

/** State of a container, as in ContainerStatus. */
export const EXITED = 2;
/** NamespaceMode. */
export const [POD, CONTAINER, NODE] = [0, 1, 2];

/** A container to be made; `security` is a LinuxContainerSecurityContext. */
export interface Wanted {
  readonly command: readonly string[];
  readonly config?: Message;
  readonly security?: Message;
}

/** The calls of the kubelet. */
export class Kubelet extends Session<CriService> {
  private pods: string[] = [];
  private podConfig: Message = {};

  static async in(rig: Rig, transcript: Transcript): Promise<Kubelet> {
    return new Kubelet(rig, await cris.for(rig.runtime), transcript);
  }

  /** A call; `show` is what of the answer is the same each time. */
  async call(method: string, request: Message, show?: (answer: Answer) => string): Promise<Answer> {
    const path = `/runtime.v1.RuntimeService/${method}`;
    const answer = await call(this.service.socket, path, request);
    this.note(method, {
      status: answer.code,
      stdout: show?.(answer) ?? '',
      stderr: answer.message,
    });
    return answer;
  }

  /** The same; throws unless it succeeds. */
  async must(method: string, request: Message, show?: (answer: Answer) => string): Promise<Answer> {
    const answer = await this.call(method, request, show);
    if (answer.code !== 0) throw new Error(`${method}: ${answer.message}`);
    return answer;
  }

  /** A pod; `security` is a LinuxSandboxSecurityContext. */
  async pod(
    security: Message = {},
    config: Message = {},
    runtimeHandler = handler,
  ): Promise<string> {
    const name = `pod-${this.pods.length}`;
    const { cgroup } = this.service.view;
    this.podConfig = {
      1: { 1: name, 2: `${this.rig.token}-${name}`, 3: 'default' },
      2: 'boat',
      3: this.service.logs,
      8: { 1: cgroup, 2: security },
      ...config,
    };
    const request = { 1: this.podConfig, 2: runtimeHandler };
    const id = text((await this.must('RunPodSandbox', request)).fields, 1);
    this.pods.push(id);
    return id;
  }

  /** A container in the pod that was made last; it is not started. */
  async container(name: string, { command, config = {}, security = {} }: Wanted): Promise<string> {
    const container = {
      1: { 1: name },
      2: { 1: imageName },
      3: command,
      11: `${name}.log`,
      15: { 2: security },
      ...config,
    };
    const request = { 1: this.pods.at(-1), 2: container, 3: this.podConfig };
    return text((await this.must('CreateContainer', request)).fields, 1);
  }

  /** The same, started. */
  async started(name: string, wanted: Wanted): Promise<string> {
    const id = await this.container(name, wanted);
    await this.must('StartContainer', { 1: id });
    return id;
  }

  /** The output and the exit code of a container that ends. */
  async output(name: string, wanted: Wanted): Promise<{ code: number; output: string }> {
    const id = await this.started(name, wanted);
    return { code: await this.exitCode(id), output: await this.log(name) };
  }

  /** The exit code of a container that comes to its end. */
  async exitCode(id: string): Promise<number> {
    let code = -1;
    const isOver = async () => {
      const path = '/runtime.v1.RuntimeService/ContainerStatus';
      const status = within((await call(this.service.socket, path, { 1: id })).fields, 1);
      code = number(status, 7);
      return number(status, 3) === EXITED;
    };
    if (!(await until(isOver, 10_000))) throw new Error('the container does not end');
    return code;
  }

  /** What a container has written, without times and streams (kubernetes' log format). */
  async log(name: string, wanted = ''): Promise<string> {
    const path = join(this.service.logs, `${name}.log`);
    const read = () => (existsSync(path) ? readFileSync(path, 'utf8') : '');
    const plain = () => read().replace(/^\S+ (?:stdout|stderr) F /gm, '');
    await until(() => plain().includes(wanted));
    return plain();
  }

  /** ExecSync. */
  async exec(id: string, command: readonly string[], seconds = 10) {
    const shown = ({ fields }: Answer) => text(fields, 1) + text(fields, 2) + number(fields, 3);
    const request = { 1: id, 2: command, 3: seconds };
    const { code, message, fields } = await this.call('ExecSync', request, shown);
    return {
      code,
      message,
      stdout: text(fields, 1),
      stderr: text(fields, 2),
      exitCode: number(fields, 3),
    };
  }

  /** Removes all pods; throws if something of the test is left. */
  async end(): Promise<void> {
    for (const id of this.pods) {
      await this.call('StopPodSandbox', { 1: id });
      await this.call('RemovePodSandbox', { 1: id });
    }
    await this.service.view.execute(['find', this.service.logs, '-name', '*.log', '-delete']);
    await this.settle();
  }
}

export const cri: Caller<Kubelet> = {
  name: 'Kubernetes (CRI)',
  lacking:
    whyNot('containerd', 'ctr', 'containerd-shim-runc-v2', 'busybox') ??
    (existsSync('/usr/lib/cni/ptp') ? undefined : 'containernetworking-plugins not installed'),
  open: Kubelet.in,
  close: (kubelet) => kubelet.end(),
};
