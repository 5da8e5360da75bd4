// Daemons that are started and ended by the tests.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../rig/executable.js';
import type { Ran, Running, RunOptions } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import type { Size } from '../rig/terminal.js';
import { until } from '../rig/until.js';
import type { Transcript } from './account.js';
import { View } from './view.js';

/** What to start, and how to know that it works. */
export interface DaemonOptions {
  readonly argv: readonly string[];
  readonly env?: Record<string, string>;
  /** A command line that succeeds when the daemon answers. */
  readonly ping: readonly string[];
}

/** A daemon in a view. */
export class Daemon {
  private running: Running | undefined;

  constructor(
    readonly view: View,
    private readonly options: DaemonOptions,
  ) {}

  /** Resolves when it answers. */
  async start(): Promise<this> {
    const { argv, env = {}, ping } = this.options;
    const running = this.view.launch(argv, { env });
    this.running = running;
    let over = false;
    running.ended.then(() => {
      over = true;
    });
    const answers = async () => (await this.view.execute(ping)).status === 0;
    if ((await until(async () => over || (await answers()), 20_000)) && !over) return this;
    await this.end();
    throw new Error(`${argv[0]} does not start: ${(await running.ended).stderr.slice(-2000)}`);
  }

  /** Asks it to end, and waits for that. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    running.signal(signal);
    const late = setTimeout(() => running.signal('SIGKILL'), 15_000);
    await running.ended;
    clearTimeout(late);
  }
}

/** A view and a daemon in it whose containers are all made by one runtime. */
export interface Service {
  readonly view: View;
  readonly daemon: Daemon;
}

/** One service for each runtime, started when it is first asked for: that takes a second or two. */
export class Services<S extends Service> {
  private readonly started = new Map<string, Promise<S>>();

  constructor(private readonly start: (view: View, runtime: Runtime) => Promise<S>) {}

  for(runtime: Runtime): Promise<S> {
    const started = this.started.get(runtime.path) ?? this.make(runtime);
    this.started.set(runtime.path, started);
    return started;
  }

  private async make(runtime: Runtime): Promise<S> {
    const view = await View.make();
    try {
      return await this.start(view, runtime);
    } catch (error) {
      await view.end();
      throw error;
    }
  }

  /** For `afterAll`. */
  async end(): Promise<void> {
    for (const started of this.started.values()) {
      // One that could not be started has failed its tests.
      const service = await started.catch(() => undefined);
      await service?.daemon.end();
      await service?.view.end();
    }
  }
}

/** A runtime where a daemon finds it: one path, and the PATH in which it is. */
export interface Program {
  readonly path: string;
  readonly PATH: string;
}

/**
 * The runtime by the name of `runc`: what is called by that name, as by BuildKit and by shims that are
 * told of no other, is the runtime too.
 */
export function programFor({ path, options }: Runtime, { rig }: View): Program {
  const folder = join(rig.dir, 'bin');
  mkdirSync(folder);
  const program = join(folder, 'runc');
  const line = `exec ${[path, ...options].join(' ')} "$@"`;
  if (options.length === 0) symlinkSync(path, program);
  else writeFileSync(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return { path: program, PATH: `${folder}:${rig.environment()['PATH']}` };
}

/** `show` is what of the output is the same each time. */
export interface Shown extends RunOptions {
  readonly show?: (stdout: string) => string;
}

/** What a test does with a service: commands in its view, put down for the comparison. */
export class Session<S extends Service> {
  private readonly before: readonly string[];
  private left: readonly string[] = [];
  private count = 0;

  constructor(
    readonly rig: Rig,
    readonly service: S,
    private readonly transcript: Transcript,
  ) {
    this.before = service.view.present();
  }

  /** Runs `argv`, of which only `words` are put down. */
  async run(argv: readonly string[], words: readonly string[], options: Shown = {}): Promise<Ran> {
    const { show = String, ...others } = options;
    // Not by this test's rig: its directory is not to be seen in the view, nor may its user enter.
    const ran = await this.service.view.execute(argv, others);
    this.rig.history.push(`$ ${words.join(' ')}\n[${ran.status}] ${ran.stderr}${ran.stdout}`);
    this.put(words, ran, show);
    return ran;
  }

  /** Puts down what was done by other means than a command. */
  note(words: string, { status, stdout, stderr }: Omit<Ran, 'outputSoFar'>): void {
    this.rig.history.push(`$ ${words}\n[${status}] ${stderr}${stdout}`);
    this.put([words], { status, stdout, stderr, outputSoFar: () => stdout }, String);
  }

  private put(words: readonly string[], ran: Ran, show: (stdout: string) => string): void {
    const plain = (text: string) => text.replaceAll(this.service.view.rig.token, 'SHARED');
    this.transcript.note(words.map(plain), ran, (stdout) => plain(show(stdout)));
  }

  /** An empty directory that the daemon sees. */
  place(name: string): string {
    this.count += 1;
    return this.service.view.rig.directory(`${this.rig.token}-${name}-${this.count}`);
  }

  /** What `argv` shows in a terminal until it has ended, and how it ended. */
  async screen(argv: readonly string[], size?: Size): Promise<string> {
    const { view } = this.service;
    const terminal = await view.rig.openTerminal([...view.prefix, ...argv], size);
    try {
      await terminal.status();
      return await terminal.screen();
    } finally {
      await terminal.close();
    }
  }

  /** What the daemon does not remove by itself: names as in `View.present`. */
  mayLeave(names: readonly string[]): void {
    this.left = names;
  }

  /** Throws if something of the test is left. */
  settle(): Promise<void> {
    return this.service.view.settle(this.before, this.left);
  }
}
