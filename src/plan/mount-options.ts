// The options of one mount, sorted by who takes them (config.md#mounts, mount_setattr(2)).

import { didYouMean, nearestByOne } from '../spec/nearest.js';
import {
  ATTRIBUTES,
  CLASSIC,
  PROPAGATION,
  SUPERBLOCK,
  SUPERBLOCK_OFF,
  SWITCHES,
  type Switch,
} from './mount-words.js';

/** An option for the file system, with its index in the list. */
export interface DataOption {
  readonly text: string;
  readonly index: number;
}

/** The options of one mount. Attributes are MOUNT_ATTR_*. */
export type MountOptions = Readonly<Reading>;

interface Reading {
  /** Decided by `bind` or `rbind`, not by the type. */
  bind: boolean;
  recursive: boolean;
  /** Changes what is mounted there already. */
  remount: boolean;
  /** A new tmpfs begins with what is there (`tmpcopyup`). */
  copyUp: boolean;
  /** The ids of a bind mount are mapped; with `mapAll` those of the mounts below too. */
  mapIds: boolean;
  mapAll: boolean;
  /** What a symbolic link at the source or the target is taken for (crun(1)). */
  copyLink: boolean;
  sourceNoFollow: boolean;
  targetNoFollow: boolean;
  /** `uids=…;gids=…`, crun's way to give the maps. */
  maps?: DataOption;
  set: number;
  clear: number;
  recursiveSet: number;
  recursiveClear: number;
  /** MS_*, 0 for none given. */
  propagation: number;
  /** Flags of the file system as a whole, by the names fsconfig(2) knows. */
  superblock: string[];
  /** MS_* of the file system that only mount(2) can give. */
  classic: number;
  /** `key=value` and words for the file system. */
  data: DataOption[];
}

/** Every option that is acted on, for `features`. */
export function knownMountOptions(): string[] {
  const attributes = [...ATTRIBUTES.keys()];
  return [
    ...attributes,
    ...attributes.map((name) => `r${name}`),
    ...[SWITCHES, PROPAGATION, SUPERBLOCK, SUPERBLOCK_OFF, CLASSIC].flatMap((words) => [
      ...words.keys(),
    ]),
  ].sort();
}

/** Options of xfs(5) that are an edit away from another one. */
const OWN = ['nouuid', 'wsync'];

/** What a person should know of an option that is left to the file system; empty for most. */
export function optionHint(option: string): string {
  const meant = meantOption(option);
  return meant === option ? ', which must be an element of its own' : didYouMean(meant);
}

/** The option that one which is not known was probably meant to be; file systems have their own. */
export function meantOption(option: string): string | undefined {
  return option.includes('=') || OWN.includes(option)
    ? undefined
    : nearestByOne(option, knownMountOptions());
}

let last: { readonly options: string; readonly read: MountOptions } | undefined;

/** Sorts the options; what comes later wins. Many mounts in a row have the same ones, read once. */
export function readMountOptions(options: readonly string[]): MountOptions {
  const text = options.join('\0');
  if (last?.options !== text) last = { options: text, read: sorted(options) };
  return last.read;
}

function sorted(options: readonly string[]): MountOptions {
  const read: Reading = {
    bind: false,
    recursive: false,
    remount: false,
    copyUp: false,
    mapIds: false,
    mapAll: false,
    copyLink: false,
    sourceNoFollow: false,
    targetNoFollow: false,
    set: 0,
    clear: 0,
    recursiveSet: 0,
    recursiveClear: 0,
    propagation: 0,
    superblock: [],
    classic: 0,
    data: [],
  };
  options.forEach((option, index) => {
    const maps = option.includes('=') ? /^r?idmap=/.exec(option)?.[0] : undefined;
    const word = maps === undefined ? option : maps.slice(0, -1);
    if (maps !== undefined) read.maps = { text: option.slice(maps.length), index };
    readMount(read, word) || readSwitch(read, word) || readFileSystem(read, option, index);
  });
  return read;
}

/** Options of the mount itself; whether it was one. */
function readMount(read: Reading, option: string): boolean {
  const attribute = ATTRIBUTES.get(option);
  const recursive = option.startsWith('r') ? ATTRIBUTES.get(option.slice(1)) : undefined;
  const propagation = PROPAGATION.get(option);
  if (attribute) {
    [read.set, read.clear] = combine(read.set, read.clear, attribute);
  } else if (recursive) {
    const { recursiveSet, recursiveClear } = read;
    [read.recursiveSet, read.recursiveClear] = combine(recursiveSet, recursiveClear, recursive);
  } else if (propagation !== undefined) {
    read.propagation = propagation;
  } else {
    return false;
  }
  return true;
}

function readSwitch(read: Reading, option: string): boolean {
  const switches: readonly Switch[] | undefined = SWITCHES.get(option);
  for (const name of switches ?? []) if (name !== 'nothing') read[name] = true;
  return switches !== undefined;
}

function readFileSystem(read: Reading, option: string, index: number): void {
  const off = SUPERBLOCK_OFF.get(option);
  const classic = CLASSIC.get(option);
  if (SUPERBLOCK.has(option)) read.superblock.push(option);
  else if (off !== undefined) read.superblock = read.superblock.filter((name) => name !== off);
  else if (classic) read.classic = (read.classic & ~classic[1]) | classic[0];
  else for (const text of splitData(option)) read.data.push({ text, index });
}

/**
 * mount(2) has all data in one text, so engines may write several options in one; a comma that is
 * escaped, or in the quotes of a security context, is part of a value.
 */
function splitData(option: string): string[] {
  if (!option.includes(',')) return option === '' ? [] : [option];
  return option.match(/(?:\\.|"[^"]*"|[^,])+/g) ?? [];
}

/** The field of the atime modes stays in `clear`, which is how mount_setattr(2) wants it set. */
function combine(
  set: number,
  clear: number,
  [newSet, newClear]: readonly [number, number],
): [number, number] {
  return [(set & ~newClear) | newSet, (clear & ~newSet) | newClear];
}
