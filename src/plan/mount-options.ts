// What the words of `mounts[].options` mean (config.md#mounts, mount(8), mount_setattr(2)).

import { ATTR, MS } from './flags.js';

/** The options of one mount, sorted by who takes them. Attributes are MOUNT_ATTR_*. */
export interface MountOptions {
  /** Decided by `bind` or `rbind`, not by the type. */
  bind: boolean;
  recursive: boolean;
  set: number;
  clear: number;
  recursiveSet: number;
  recursiveClear: number;
  /** MS_*, 0 for none given. */
  propagation: number;
  /** Flags of the file system as a whole, by the names fsconfig(2) knows. */
  superblock: string[];
  /** `key=value` and words for the file system, with their index in the list. */
  data: { text: string; index: number }[];
  /** Options that have no effect here, by index, with the reason. */
  ignored: { index: number; reason: string }[];
  /** Options that cannot be left out without harm, by index, with the reason. */
  refused: { index: number; reason: string }[];
}

type Attribute = readonly [set: number, clear: number];
/** Words of a configuration to what they mean; a plain object would know `constructor` too. */
type Words<T> = ReadonlyMap<string, T>;

function table<T>(words: Readonly<Record<string, T>>): Words<T> {
  return new Map(Object.entries(words));
}

/** Each may be written with `r` in front: for all mounts below as well. */
const ATTRIBUTES: Words<Attribute> = table({
  ro: [ATTR.RDONLY, 0],
  rw: [0, ATTR.RDONLY],
  nosuid: [ATTR.NOSUID, 0],
  suid: [0, ATTR.NOSUID],
  nodev: [ATTR.NODEV, 0],
  dev: [0, ATTR.NODEV],
  noexec: [ATTR.NOEXEC, 0],
  exec: [0, ATTR.NOEXEC],
  nodiratime: [ATTR.NODIRATIME, 0],
  diratime: [0, ATTR.NODIRATIME],
  nosymfollow: [ATTR.NOSYMFOLLOW, 0],
  symfollow: [0, ATTR.NOSYMFOLLOW],
  // Three exclusive modes in one field: the kernel wants the whole field cleared to set one.
  noatime: [ATTR.NOATIME, ATTR.ATIME],
  strictatime: [ATTR.STRICTATIME, ATTR.ATIME],
  relatime: [ATTR.RELATIME, ATTR.ATIME],
  // Without another mode the kernel's is relatime.
  atime: [ATTR.RELATIME, ATTR.ATIME],
  norelatime: [ATTR.RELATIME, ATTR.ATIME],
  nostrictatime: [ATTR.RELATIME, ATTR.ATIME],
});

/** Propagation by name, also for `linux.rootfsPropagation` (mount_namespaces(7)). */
export const PROPAGATION: Words<number> = table({
  unbindable: MS.UNBINDABLE,
  runbindable: MS.UNBINDABLE | MS.REC,
  private: MS.PRIVATE,
  rprivate: MS.PRIVATE | MS.REC,
  slave: MS.SLAVE,
  rslave: MS.SLAVE | MS.REC,
  shared: MS.SHARED,
  rshared: MS.SHARED | MS.REC,
});

const SUPERBLOCK = new Set(['sync', 'dirsync', 'lazytime', 'mand']);
/** Each takes back the other; a new file system begins without any. */
const SUPERBLOCK_OFF: Words<string> = table({
  async: 'sync',
  nolazytime: 'lazytime',
  nomand: 'mand',
});
/** Nothing to do: the default, or about the kernel's log alone. */
const NOTHING = new Set(['defaults', 'silent', 'loud', 'noiversion']);

const IGNORED: Words<string> = table({
  iversion: 'only mount(2) knows it, and the file systems that need it count by themselves',
  tmpcopyup: 'copying the directory below into the tmpfs is not supported',
  'copy-symlink': 'an extension that is not supported',
  'src-nofollow': 'an extension that is not supported',
  'dest-nofollow': 'an extension that is not supported',
});

const REFUSED: Words<string> = table({
  idmap: 'id-mapped mounts are not supported',
  ridmap: 'id-mapped mounts are not supported',
  remount: 'changing a mount that is there is not supported',
});

/** Every option that is acted on, for `features`; what is ignored or refused is not among them. */
export function knownMountOptions(): string[] {
  const attributes = [...ATTRIBUTES.keys()];
  return [
    'bind',
    'rbind',
    ...attributes,
    ...attributes.map((name) => `r${name}`),
    ...PROPAGATION.keys(),
    ...SUPERBLOCK,
    ...SUPERBLOCK_OFF.keys(),
    ...NOTHING,
  ].sort();
}

/** Sorts the options; what comes later wins. */
export function readMountOptions(options: readonly string[]): MountOptions {
  const read: MountOptions = {
    bind: false,
    recursive: false,
    set: 0,
    clear: 0,
    recursiveSet: 0,
    recursiveClear: 0,
    propagation: 0,
    superblock: [],
    data: [],
    ignored: [],
    refused: [],
  };
  options.forEach((option, index) => {
    readMount(read, option) || readFileSystem(read, option, index);
  });
  return read;
}

/** Options of the mount itself; whether it was one. */
function readMount(read: MountOptions, option: string): boolean {
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
  } else if (option === 'bind' || option === 'rbind') {
    read.bind = true;
    read.recursive ||= option === 'rbind';
  } else {
    return false;
  }
  return true;
}

function readFileSystem(read: MountOptions, option: string, index: number): void {
  const off = SUPERBLOCK_OFF.get(option);
  const ignored = IGNORED.get(option);
  const refused = REFUSED.get(option.split('=', 1)[0] ?? '');
  if (SUPERBLOCK.has(option)) read.superblock.push(option);
  else if (off !== undefined) read.superblock = read.superblock.filter((name) => name !== off);
  else if (ignored !== undefined) read.ignored.push({ index, reason: ignored });
  else if (refused !== undefined) read.refused.push({ index, reason: refused });
  else if (!NOTHING.has(option)) read.data.push({ text: option, index });
}

/** The field of the atime modes stays in `clear`, which is how mount_setattr(2) wants it set. */
function combine(set: number, clear: number, [newSet, newClear]: Attribute): [number, number] {
  return [(set & ~newClear) | newSet, (clear & ~newSet) | newClear];
}
