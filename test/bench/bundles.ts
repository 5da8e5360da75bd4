// The configurations that are measured: each runtime's own default, and what two callers write.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mount } from '../../src/spec/types.js';
import type { Bundle, BundleConfig } from '../rig/bundle.js';
import type { Rig } from '../rig/rig.js';

export const bundleNames = ['default', 'podman', 'containerd'] as const;
export type BundleName = (typeof bundleNames)[number];

/** A bundle that runs `args`. `spec` is the command line of the runtime whose default it is to be. */
export async function makeBundle(
  rig: Rig,
  name: BundleName,
  spec: readonly string[],
  args: readonly string[],
): Promise<Bundle> {
  const bundle = (await rig.bundle(undefined, name === 'default' ? spec : undefined)).runs(args);
  if (name === 'default') return bundle;
  const { mounts, environment, hostname, score, names } = name === 'podman' ? podman : containerd;
  const sources = sourcesBelow(bundle);
  return bundle.edit((config) => {
    // Older runtimes refuse newer ones.
    config.ociVersion = '1.0.2';
    config.hostname = hostname;
    config.root = { path: 'rootfs', readonly: false };
    config.mounts.push(...mounts(sources));
    config.process.env = [...(config.process.env ?? []), ...environment];
    config.process.capabilities = capabilities(names);
    config.process.noNewPrivileges = false;
    if (score !== undefined) config.process.oomScoreAdj = score;
    config.annotations = Object.fromEntries(environment.slice(0, 10).map(annotation));
    dressLinux(config);
  });
}

/** The profile of 400 calls, and what both callers hide of /proc and /sys. */
function dressLinux({ linux }: BundleConfig): void {
  const profile = new URL('../../spec-fixtures/seccomp/default.json', import.meta.url);
  linux.seccomp = JSON.parse(readFileSync(profile, 'utf8'));
  linux.maskedPaths = [
    'acpi',
    'kcore',
    'keys',
    'latency_stats',
    'timer_list',
    'sched_debug',
    'scsi',
  ]
    .map((name) => `/proc/${name}`)
    .concat('/sys/firmware', '/sys/devices/virtual/powercap');
  linux.readonlyPaths = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`);
}

/** What a caller adds to the default. */
interface Dress {
  /** `source` gives the path of a folder or file to bind. */
  readonly mounts: (source: Sources) => Mount[];
  readonly environment: readonly string[];
  readonly hostname: string;
  readonly score?: number;
  readonly names: readonly string[];
}

interface Sources {
  folder(name: string): string;
  file(name: string): string;
}

const common = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'NET_BIND_SERVICE'];
const usual = [...common, 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'];
const inEtc = ['/etc/resolv.conf', '/etc/hosts', '/etc/hostname'];

/** 60 mounts: the default ones, podman's own files, and as many volumes as are missing. */
const podman: Dress = {
  mounts: ({ folder, file }) => [
    ...inEtc.map((path) => bind(file(path), path)),
    bind(file('/run/.containerenv'), '/run/.containerenv'),
    bind(folder('/run/secrets'), '/run/secrets'),
    ...Array.from({ length: 48 }, (_, i) => bind(folder(`volume-${i}`), `/srv/volume-${i}`)),
  ],
  environment: ['container=podman', ...variables('VARIABLE', 47)],
  hostname: '1f2e3d4c5b6a',
  names: usual,
};

const containerd: Dress = {
  mounts: ({ folder, file }) => [
    ...inEtc.map((path) => bind(file(path), path)),
    bind(file('termination-log'), '/dev/termination-log'),
    bind(folder('secrets'), '/run/secrets/kubernetes.io/serviceaccount', 'ro'),
    { destination: '/run/lock', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev'] },
  ],
  environment: ['HOSTNAME=web-0', ...variables('KUBERNETES_SERVICE', 15)],
  hostname: 'web-0',
  // Of a pod that asks for nothing.
  score: 1000,
  names: [...usual, 'AUDIT_WRITE', 'MKNOD', 'NET_RAW'],
};

function variables(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}_${i}=some value of ${name} number ${i}`);
}

function annotation(variable: string): [string, string] {
  const [name = '', value = ''] = variable.split('=');
  return [`org.example.${name.toLowerCase()}`, value];
}

function capabilities(names: readonly string[]) {
  const all = () => names.map((name) => `CAP_${name}` as const);
  return { bounding: all(), effective: all(), permitted: all() };
}

function bind(source: string, destination: string, access = 'rw'): Mount {
  return { destination, type: 'bind', source, options: ['bind', 'rprivate', access] };
}

function sourcesBelow(bundle: Bundle): Sources {
  const place = join(bundle.path, 'sources');
  mkdirSync(place, { mode: 0o755 });
  bundle.give('sources');
  const path = (name: string) => join(place, name.replaceAll('/', '_'));
  return {
    folder: (name) => {
      mkdirSync(path(name), { recursive: true });
      return path(name);
    },
    file: (name) => {
      writeFileSync(path(name), '');
      return path(name);
    },
  };
}
