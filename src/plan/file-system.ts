// A mount that is a new file system: fsopen(2), or mount(2) for what that cannot say.

import { byteLength } from '../bytes.js';
import type { Mount } from '../spec/types.js';
import { ATTR, MS } from './flags.js';
import { isMapped } from './id-maps.js';
import { labelOf } from './mount-label.js';
import type { DataOption, MountOptions } from './mount-options.js';
import { mountFlags, SUPERBLOCK } from './mount-words.js';
import { lowerLayers } from './overlay.js';
import { cleanPath } from './paths.js';
import { KERNEL_TYPES } from './real-target.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Bytes of one value for fsconfig(2), and of all data for mount(2): a page with its NUL. */
const VALUE_MAX = 255;
const DATA_MAX = 4095;

/** A new file system. */
export function fileSystem(
  situation: Situation,
  mount: Mount,
  type: string,
  options: MountOptions,
  pointer: string,
): InitStep {
  const data = options.data
    .filter((option) => keepData(situation, type, option, pointer))
    .map(({ text }) => text);
  data.push(...labelOf(situation, type, data));
  if (isLong(data) || (options.classic !== 0 && !options.copyUp)) {
    const text = data.join(',');
    if (byteLength(text) <= DATA_MAX) return atOnce(mount, type, options, text, pointer);
    if (type === 'overlay') return opened(mount, type, options, data.flatMap(lowerLayers), pointer);
    tooLong(situation, mount, pointer);
  }
  return opened(mount, type, options, data, pointer);
}

/** Changes the file system that is mounted there already. */
export function remount(mount: Mount, options: MountOptions, pointer: string): InitStep {
  const data = options.data.map(({ text }) => text).join(',');
  const classic = options.classic | MS.REMOUNT;
  return atOnce(mount, mount.type ?? '', { ...options, classic }, data, pointer);
}

function isLong(data: readonly string[]): boolean {
  return data.some((text) => text.length * 3 > VALUE_MAX && valueBytes(text) > VALUE_MAX);
}

function valueBytes(text: string): number {
  return byteLength(text) - byteLength(text.split('=', 1)[0] ?? '') - 1;
}

function opened(
  mount: Mount,
  type: string,
  options: MountOptions,
  data: readonly string[],
  pointer: string,
): InitStep {
  const source = mount.source ?? type;
  // Mounts of one block device share its state: a read-only one must not replay a journal.
  const readOnly = source.startsWith('/') && options.set & ATTR.RDONLY ? ['ro'] : [];
  // As in runc and crun: a tmpfs that is not told its mode looks like the directory it covers.
  const mode = type === 'tmpfs' && !data.some((text) => text.startsWith('mode=')) ? ['mode'] : [];
  return {
    step: options.copyUp && type === 'tmpfs' ? 'mount-copy-up' : 'mount-filesystem',
    type,
    source,
    options: [...readOnly, ...options.superblock, ...data.map(unquoted), ...mode],
    attributes: options.set,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    realTarget: KERNEL_TYPES.has(type),
    pointer,
  };
}

function atOnce(
  mount: Mount,
  type: string,
  options: MountOptions,
  data: string,
  pointer: string,
): InitStep {
  const superblock = options.superblock.reduce((all, name) => all | (SUPERBLOCK.get(name) ?? 0), 0);
  return {
    step: 'mount-at-once',
    type,
    source: mount.source ?? type,
    data,
    flags: mountFlags(options.set) | superblock | options.classic,
    propagation: options.propagation,
    target: cleanPath(mount.destination),
    realTarget: KERNEL_TYPES.has(type),
    pointer,
  };
}

/** A security context is quoted for mount(2) because of its commas; fsconfig(2) takes it bare. */
function unquoted(text: string): string {
  return /^(?:fs|def|root)?context=".*"$/.test(text) ? text.replaceAll('"', '') : text;
}

function tooLong({ notes }: Situation, { destination, options }: Mount, pointer: string): void {
  const long = options?.findIndex((option) => isLong([option])) ?? -1;
  notes.refuse({
    doing: `mount ${destination}`,
    pointer: `${pointer}/options${long < 0 ? '' : `/${long}`}`,
    cause: `the kernel takes ${VALUE_MAX} bytes in one value, or ${DATA_MAX} in all together`,
    remedy: 'use shorter paths, such as symbolic links',
  });
}

/** devpts refuses an owner that the user namespace does not map; gid=5 is in most configurations. */
function keepData(
  situation: Situation,
  type: string,
  { text, index }: DataOption,
  pointer: string,
): boolean {
  const [kind, id] = text.split('=');
  if (type !== 'devpts' || (kind !== 'uid' && kind !== 'gid')) return true;
  if (isMapped(situation, kind, Number(id)) !== false) return true;
  const message = `${text} left out: not mapped in the user namespace`;
  situation.notes.warn(`${pointer}/options/${index}`, message);
  return false;
}
