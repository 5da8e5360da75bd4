// Device nodes and links in /dev (config-linux.md#devices, #default-devices; runtime-linux.md#dev-symbolic-links).

import type { Device } from '../spec/types.js';
import { CLONE, S_IF } from './flags.js';
import { devIsBound } from './mounts.js';
import { has } from './namespaces.js';
import { cleanPath } from './paths.js';
import { mayMakeDevices } from './privileges.js';
import type { Situation } from './situation.js';
import type { InitStep, Origin } from './steps.js';

type Node = Omit<Extract<InitStep, { step: 'make-device' }>, 'step' | 'because' | 'pointer'>;

const DEFAULT_DEVICES = { because: 'default devices' };
const DEFAULT_LINKS = { because: 'default links in /dev' };

const DEFAULTS: readonly Node[] = [
  defaultDevice('/dev/null', 1, 3),
  defaultDevice('/dev/zero', 1, 5),
  defaultDevice('/dev/full', 1, 7),
  defaultDevice('/dev/random', 1, 8),
  defaultDevice('/dev/urandom', 1, 9),
  defaultDevice('/dev/tty', 5, 0),
];

const LINKS: readonly (readonly [target: string, content: string])[] = [
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
  ['/dev/ptmx', 'pts/ptmx'],
];

const TYPES: Record<Device['type'], number> = {
  c: S_IF.CHR,
  u: S_IF.CHR,
  b: S_IF.BLK,
  p: S_IF.IFO,
};

/** The nodes and links; none where /dev is a bind mount. */
export function deviceSteps(situation: Situation): InitStep[] {
  const devices = situation.linux.devices ?? [];
  if (devIsBound(situation)) {
    devices.forEach(({ path }, index) => {
      const message = `${path} not made: /dev is a bind mount`;
      situation.notes.warn(`/linux/devices/${index}`, message);
    });
    return [];
  }
  if (!has(situation, CLONE.NEWNS) && !mayMakeDevices(situation)) {
    situation.notes.warn('/linux/namespaces', 'no devices: they need root or a mount namespace');
    return LINKS.map(([target, content]) => link(target, content));
  }
  const given = devices.map(({ path }) => cleanPath(path));
  const defaults = DEFAULTS.filter(({ target }) => !given.includes(target));
  return [
    ...defaults.map((node) => deviceStep(situation, node, DEFAULT_DEVICES)),
    ...ownDevices(situation, devices),
    ...LINKS.map(([target, content]) => link(target, content)),
  ];
}

function link(target: string, content: string): InitStep {
  return { step: 'make-symlink', target, content, ...DEFAULT_LINKS };
}

function defaultDevice(target: string, major: number, minor: number): Node {
  return { target, mode: S_IF.CHR | 0o666, major, minor, uid: 0, gid: 0 };
}

/** A node for /dev/ptmx could lead to the host's pseudo-terminals: the link stays, as in runc. */
function ownDevices(situation: Situation, devices: readonly Device[]): InitStep[] {
  const steps: InitStep[] = [];
  devices.forEach((device, index) => {
    const pointer = `/linux/devices/${index}`;
    if (cleanPath(device.path) !== '/dev/ptmx') steps.push(ownDevice(situation, device, pointer));
    else situation.notes.warn(pointer, '/dev/ptmx not made: it is a link to pts/ptmx');
  });
  return steps;
}

function ownDevice(situation: Situation, device: Device, pointer: string): InitStep {
  const { type, path, major = 0, minor = 0, fileMode = 0o666, uid = 0, gid = 0 } = device;
  const mode = TYPES[type] | (fileMode & 0o7777);
  const node = { target: path, mode, major, minor, uid, gid };
  return deviceStep(situation, node, { pointer });
}

/** Where mknod(2) is not allowed the host's node is bound; a fifo is allowed everywhere. */
function deviceStep(situation: Situation, node: Node, origin: Origin): InitStep {
  const { target, mode, major, minor } = node;
  if (mayMakeDevices(situation) || (mode & 0o170000) === S_IF.IFO) {
    return { step: 'make-device', ...node, ...origin };
  }
  return { step: 'bind-device', source: target, target, mode, major, minor, ...origin };
}
