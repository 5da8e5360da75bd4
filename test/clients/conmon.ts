// conmon without podman: a bundle, a runtime, and the files and descriptors that it is told of.

import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Bundle } from '../rig/bundle.js';
import { runtimeFor, sampan } from '../rig/executable.js';
import type { Ran, RunOptions } from '../rig/execute.js';
import { otherRoot } from '../rig/other-root.js';
import type { Rig } from '../rig/rig.js';
import { busyboxRootfs } from '../rig/rootfs.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import type { Caller } from './compare.js';
import { Podman, whyNot } from './podman.js';

/** What conmon reports of a container or an exec: its pid, or that and why there is none. */
interface Report {
  readonly data: number;
  readonly message?: string;
}

export class Conmon {
  private count = 0;
  private sessions = 0;

  private constructor(
    readonly rig: Rig,
    private readonly transcript: Transcript,
  ) {
    rig.directory('exits');
    rig.directory('persist');
  }

  static async in(rig: Rig, transcript: Transcript): Promise<Conmon> {
    return new Conmon(rig, transcript);
  }

  /** A bundle with the same config.json for each runtime; crun 1.8 knows no newer version. */
  async bundle(): Promise<Bundle> {
    const bundle = await this.rig.bundle(busyboxRootfs, [runtimeFor(this.rig.identity, sampan)]);
    return bundle.edit((config) => {
      config.ociVersion = '1.0.2';
    });
  }

  /** `conmon FLAG…`, which has the runtime create `id`; what it reports. */
  async create(bundle: Bundle, id: string, flags: readonly string[] = []): Promise<Report> {
    const files = ['--bundle', bundle.path, '--container-pidfile', this.file(`${id}.pid`)];
    return this.call([...this.common(id), ...files, ...flags]);
  }

  /** `conmon --exec` of a process in `id`. */
  async exec(id: string, process: object, flags: readonly string[] = []): Promise<Report> {
    const session = `exec${this.sessions++}`;
    const spec = this.file(`${session}.json`);
    writeFileSync(spec, JSON.stringify(process), { mode: 0o644 });
    const files = ['--bundle', this.rig.dir, '--container-pidfile', this.file(`${session}.pid`)];
    const common = [...this.common(id, session), ...files];
    const own = ['--exec', '--exec-process-spec', spec];
    return this.call([...common, ...own, ...flags]);
  }

  /** The runtime itself, as whoever calls conmon calls it. */
  async runtime(...args: string[]): Promise<Ran> {
    return this.transcript.note(args, await this.rig.command(args));
  }

  /** The exit status that conmon writes down when the process ends. */
  async exit(id: string): Promise<string> {
    const file = join(this.rig.dir, 'exits', id);
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 15_000);
    const status = existsSync(file) ? readFileSync(file, 'utf8') : 'never';
    this.transcript.note(['exit of', id], { status: 0, stdout: status });
    return status;
  }

  /** What is in the log: `stdout F text` for each line, sorted. */
  log(id: string): string[] {
    const said = this.logged(id).sort();
    this.transcript.note(['log of', id], { status: 0, stdout: said.join('\n') });
    return said;
  }

  /** The same in its order, without being compared: two outputs are read in any order. */
  logged(id: string): string[] {
    const lines = readFileSync(this.file(`${id}.log`), 'utf8')
      .split('\n')
      .filter(Boolean);
    return lines.map((line) => line.replace(/^\S+ /, ''));
  }

  file(name: string): string {
    return join(this.rig.dir, name);
  }

  /** Ends whatever conmon still waits for. */
  async end(): Promise<void> {
    const { stdout } = await this.rig.command(['list', '--quiet']);
    for (const id of stdout.split('\n').filter(Boolean)) {
      await this.rig.command(['delete', '--force', id]);
    }
    await Podman.endProcesses(this.rig);
  }

  private common(id: string, session = id): string[] {
    const [runtime = '', ...options] = this.rig.commandLine();
    const { dir } = this.rig;
    return [
      ...['--api-version', '1', '--cid', id, '--cuuid', session, '--name', basename(dir)],
      ...['--runtime', runtime, ...options.flatMap((word) => ['--runtime-arg', word])],
      ...['--log-path', `k8s-file:${this.file(`${session}.log`)}`, '--exit-dir', `${dir}/exits`],
      ...['--persist-dir', `${dir}/persist`, '--socket-dir-path', dir, '--full-attach'],
    ];
  }

  /** Runs conmon with the descriptor that it reports to: a file here. */
  private async call(args: readonly string[]): Promise<Report> {
    const reports = this.file(`report${this.count++}`);
    writeFileSync(reports, '');
    const sync = openSync(reports, 'r+');
    const options: RunOptions = { env: { _OCI_SYNCPIPE: '3' }, fds: [sync] };
    const ran = await this.rig.execute(['conmon', ...args], options);
    closeSync(sync);
    const found = await this.report(reports);
    const said = JSON.stringify(found.data > 0 ? { data: 'a pid' } : { data: found.data });
    this.transcript.note(['conmon'], { status: ran.status, stdout: said });
    return found;
  }

  /** The first that conmon reports; of an exec it later reports the status too. */
  private async report(file: string): Promise<Report> {
    const lines = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
    await until(() => lines().length > 0, 10_000);
    return JSON.parse(lines()[0] ?? '{"data":0}') as Report;
  }
}

export const conmon: Caller<Conmon> = {
  name: 'conmon',
  lacking: whyNot('conmon'),
  rig: { cgroup2: true, root: otherRoot },
  open: Conmon.in,
  close: (client) => client.end(),
};
