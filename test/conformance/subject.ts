// What a check asks of a runtime: a container made to a configuration, and what the probe sees in it.

import { match, notEqual } from 'node:assert/strict';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSpec } from '../../src/spec/default-spec.js';
import { Bundle, type BundleConfig } from '../rig/bundle.js';
import type { Ran, RunOptions } from '../rig/execute.js';
import type { Identity } from '../rig/identity.js';
import { readProbe, type SectionName, type Seen } from '../rig/probe.js';
import { program } from '../rig/program.js';
import type { Rig } from '../rig/rig.js';

/** Changes the default configuration in place. */
export type Change = (config: BundleConfig) => void;

/** How a container is run. */
export interface How extends RunOptions {
  readonly flags?: string[];
  /** Words before the runtime's command line. */
  readonly under?: readonly string[];
}

/** One runtime and one identity, in a rig that is the case's own. */
export class Subject {
  private bundles = 0;

  constructor(readonly rig: Rig) {}

  get isRoot(): boolean {
    return this.rig.identity.uid === 0;
  }

  /**
   * A bundle with the default configuration, the same for every runtime (of a version that all
   * take), changed by `change`; it prints `it ran`.
   */
  bundle(change: Change = () => {}): Bundle {
    this.bundles += 1;
    const { rig } = this;
    const bundle = new Bundle(rig.directory(`conformance-${this.bundles}`), rig.identity);
    makeRootfs(bundle.rootfs);
    bundle.give('rootfs');
    const { uid, gid } = rig.identity;
    const spec = defaultSpec({ ...(!this.isRoot && { rootless: { uid, gid } }), cgroup2: true });
    bundle.write(JSON.stringify(spec));
    return bundle.edit((config) => {
      config.process.terminal = false;
      config.ociVersion = '1.0.2';
      config.process.args = ['/bin/echo', 'it ran'];
      change(config);
    });
  }

  /** Runs the bundle's container in the foreground. */
  run(bundle: Bundle, { flags = [], under = [], ...options }: How = {}): Promise<Ran> {
    const line = ['run', '--bundle', bundle.path, ...flags, this.rig.newId()];
    return this.rig.execute([...under, ...this.rig.commandLine(), ...line], {
      ...quiet,
      ...options,
    });
  }

  /** What the probe sees of `sections` in a container of the changed default configuration. */
  async sees<Name extends SectionName>(
    sections: readonly Name[],
    change: Change | Bundle = () => {},
    how: How = {},
  ): Promise<Seen<Name>> {
    const bundle = change instanceof Bundle ? change : this.bundle(change);
    bundle.edit((config) => {
      config.process.args = ['/bin/probe', ...sections];
    });
    const { status, stdout, stderr } = await this.run(bundle, how);
    if (status !== 0) throw new Error(`the container ended with ${status}: ${stderr}${stdout}`);
    return readProbe<Name>(stdout);
  }

  /** The changed configuration must be an error; nothing may run. Returns what was written. */
  async refuses(change: Change | Bundle, pattern = /./): Promise<string> {
    const bundle = change instanceof Bundle ? change : this.bundle(change);
    const { status, stdout, stderr } = await this.run(bundle);
    notEqual(status, 0, `not refused; stdout: ${stdout}`);
    notEqual(stdout, 'it ran\n', 'refused after the program had run');
    match(stderr, pattern);
    return stderr;
  }

  /** The changed configuration must run. */
  async takes(change: Change | Bundle): Promise<Ran> {
    const ran = await this.run(change instanceof Bundle ? change : this.bundle(change));
    if (ran.status !== 0) throw new Error(`the container ended with ${ran.status}: ${ran.stderr}`);
    return ran;
  }

  /** Any command line of the runtime, which must succeed. */
  async succeeds(...args: string[]): Promise<Ran> {
    const ran = await this.rig.command(args, quiet);
    if (ran.status !== 0) throw new Error(`${args[0]}: ${ran.stderr}`);
    return ran;
  }

  /** Any command line of the runtime, which must fail. */
  async fails(...args: string[]): Promise<Ran> {
    const ran = await this.rig.command(args, quiet);
    notEqual(ran.status, 0, `${args[0]} did not fail`);
    return ran;
  }

  /** The file `name` of the rig, made with `text`, as an ordinary user may read it. */
  file(name: string, text: string): string {
    const path = join(this.rig.dir, name);
    writeFileSync(path, text, { mode: 0o644 });
    return path;
  }

  get identity(): Identity {
    return this.rig.identity;
  }
}

/** A pipe: crun 1.8 gives the caller’s own /dev/null to the container’s user. */
const quiet: RunOptions = { input: '' };

const folders = ['bin', 'dev', 'etc', 'proc', 'run', 'sys', 'tmp', 'mnt'];
const applets = [
  'sh',
  'true',
  'false',
  'echo',
  'cat',
  'sleep',
  'touch',
  'mkdir',
  'kill',
  'ls',
  'readlink',
];

/** The probe, a shell and a few programs. */
function makeRootfs(folder: string): void {
  mkdirSync(folder);
  for (const name of folders) mkdirSync(join(folder, name));
  copyFileSync(program('probe'), join(folder, 'bin/probe'));
  copyFileSync('/usr/bin/busybox', join(folder, 'bin/busybox'));
  for (const name of applets) symlinkSync('busybox', join(folder, 'bin', name));
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\n');
}
