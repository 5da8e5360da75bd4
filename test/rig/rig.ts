// The disposable rig: a place with bundles and the runtime's command line.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../../src/spec/types.js';
import { Bundle } from './bundle.js';
import { type Runtime, runtime, runtimeFor } from './executable.js';
import type { Ran, Running, RunOptions } from './execute.js';
import type { Identity } from './identity.js';
import { Place, type PlaceOptions } from './place.js';
import { program } from './program.js';
import { busyboxRootfs, type MakeRootfs } from './rootfs.js';
import type { Size, Terminal } from './terminal.js';

export interface RigOptions extends PlaceOptions {
  /** What is tested; by default what the environment says (executable.ts). */
  readonly runtime?: Runtime;
}

/** One test's world. */
export class Rig extends Place {
  /** The runtime that commands run. */
  readonly runtime: Runtime;

  constructor(identity: Identity, options: RigOptions = {}) {
    super(identity, options);
    this.runtime = options.runtime ?? runtime;
  }

  /** An id that no other rig uses. */
  newId(): string {
    return `${this.token}-${this.next()}`;
  }

  /**
   * A bundle with the default config.json of `sampan spec` (or of another runtime's command line),
   * without a terminal, running `true`.
   */
  async bundle(
    makeRootfs: MakeRootfs = busyboxRootfs,
    commandLine: readonly string[] = this.commandLine(),
  ): Promise<Bundle> {
    const name = `bundle-${this.next()}`;
    const bundle = new Bundle(this.directory(name), this.identity);
    await makeRootfs(this.directory(`${name}/rootfs`), this.identity);
    const rootless = this.identity.uid === 0 ? [] : ['--rootless'];
    const line = [...commandLine, 'spec', ...rootless];
    const { status, stderr } = await this.execute(line, { cwd: bundle.path });
    if (status !== 0) throw new Error(`spec: ${stderr}`);
    return bundle.edit((config) => {
      config.process.terminal = false;
      config.process.args = ['true'];
    });
  }

  /** `sampan --root DIR ARG…`. */
  command(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.start(args, options).ended;
  }

  /** The same without waiting for its end. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return this.launch([...this.commandLine(), ...args], options);
  }

  /** The same in a real terminal. */
  terminal(args: readonly string[], size?: Size): Promise<Terminal> {
    return this.openTerminal([...this.commandLine(), ...args], size);
  }

  /** `sampan run -b BUNDLE [FLAG…] ID` in the foreground. */
  run(bundle: Bundle, options: RunOptions & { id?: string; flags?: string[] } = {}): Promise<Ran> {
    const { id = this.newId(), flags = [] } = options;
    return this.command(['run', '--bundle', bundle.path, ...flags, id], options);
  }

  /** `sampan create -b BUNDLE [FLAG…] ID`; throws unless it succeeds. */
  async create(bundle: Bundle, flags: readonly string[] = []): Promise<{ id: string; ran: Ran }> {
    const id = this.newId();
    const ran = await this.command(['create', '--bundle', bundle.path, ...flags, id]);
    if (ran.status !== 0) throw new Error(`create: ${ran.stderr}`);
    return { id, ran };
  }

  /** What `sampan state ID` prints. */
  async state(id: string): Promise<State> {
    const { status, stdout, stderr } = await this.command(['state', id]);
    if (status !== 0) throw new Error(`state: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** One of test/rig/programs, compiled, where the identity can execute it. */
  program(name: string): string {
    const copy = join(this.dir, name);
    if (!existsSync(copy)) copyFileSync(program(name), copy);
    return copy;
  }

  /** The words that a command line of the runtime starts with. */
  commandLine(): string[] {
    const { options } = this.runtime;
    return [runtimeFor(this.identity, this.runtime), ...options, '--root', this.stateDirectory];
  }
}
