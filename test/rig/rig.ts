// The disposable rig: a place with bundles and the runtime's command line.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../../src/spec/types.js';
import { Bundle } from './bundle.js';
import { runtimeFor } from './executable.js';
import type { Ran, Running, RunOptions } from './execute.js';
import { Place, type PlaceOptions } from './place.js';
import { program } from './program.js';
import { busyboxRootfs, type MakeRootfs } from './rootfs.js';
import type { Size, Terminal } from './terminal.js';

export type RigOptions = PlaceOptions;

/** One test's world. */
export class Rig extends Place {
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
    const more = (process.env['SAMPAN_RUNTIME_OPTIONS'] ?? '').split(' ').filter(Boolean);
    return [runtimeFor(this.identity), ...more, '--root', this.stateDirectory];
  }
}
