// The demo: a temporary bundle, run as any bundle is, and removed again.

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename } from 'node:path';
import { collectFacts } from '../host/collect.js';
import { addon } from '../native/load.js';
import type { Config } from '../spec/config/config.js';
import { print } from './print.js';
import { temporaryDirectory } from './temporary-directory.js';
import { specForHere } from './write-spec.js';

/** Runs it; the result is the container's exit status. */
export function runDemo(cgroupManager: string): number {
  const { uid, privileged } = collectFacts();
  print(
    `A container from the built-in bundle, run by uid ${uid}${privileged ? '' : ' (rootless)'}.\n`,
  );
  const directory = temporaryDirectory('sampan-demo-', 'rootfs/report', addon().helperBinary());
  // A signal ends the child; this process has to survive it to clean up.
  addon().outliveSignals();
  try {
    const config = demoConfig(!privileged);
    fs.writeFileSync(`${directory}/config.json`, JSON.stringify(config, null, 2));
    return runBundle(directory, cgroupManager);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The default configuration with the report as its program. */
function demoConfig(rootless: boolean): Config {
  const config = specForHere(rootless);
  if (config.process === undefined) return config;
  if (config.hostname !== undefined) config.hostname = 'sampan-demo';
  config.process.terminal = false;
  config.process.args = ['/report', 'report'];
  // The report sets its own namespaces against these.
  config.process.env = [`SAMPAN_HOST_NS=${hostNamespaces().join(',')}`];
  isolateAll(config);
  return config;
}

/** What the default shares, the network of a rootless one above all, the report does not need. */
function isolateAll({ linux }: Config): void {
  const namespaces = linux?.namespaces ?? [];
  for (const [type, file] of [
    ['network', 'net'],
    ['cgroup', 'cgroup'],
    ['time', 'time'],
  ] as const) {
    const there = namespaces.some((namespace) => namespace.type === type);
    if (!there && fs.existsSync(`/proc/self/ns/${file}`)) namespaces.push({ type });
  }
}

/** `pid:[4026531836]` for each type of namespace the kernel has. */
function hostNamespaces(): string[] {
  const types = ['user', 'pid', 'net', 'mnt', 'uts', 'ipc', 'cgroup', 'time'];
  return types
    .map((type) => `/proc/self/ns/${type}`)
    .filter((path) => fs.existsSync(path))
    .map((path) => fs.readlinkSync(path));
}

function runBundle(directory: string, cgroupManager: string): number {
  const id = basename(directory).replace('sampan-', '');
  const globals = ['--root', `${directory}/state`, '--cgroup-manager', cgroupManager];
  const status = runSelf([...globals, 'run', '--bundle', directory, id]);
  if (status !== 0) runSelf([...globals, 'delete', '--force', id]);
  return status;
}

/** A foreground `run` replaces its process, so it gets one of its own. */
function runSelf(args: readonly string[]): number {
  const script = process.argv[1] ?? '';
  const self = script.endsWith('.ts') || script.endsWith('.js') ? [script] : [];
  const { status, error } = spawnSync(process.execPath, [...self, ...args], { stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}
