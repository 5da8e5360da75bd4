// The words of `mounts[].options` and what each stands for (config.md#mounts, mount(8)).

import { ATTR, MS } from './flags.js';

/** Words of a configuration to what they mean; a plain object would know `constructor` too. */
type Words<T> = ReadonlyMap<string, T>;

function table<T>(words: Readonly<Record<string, T>>): Words<T> {
  return new Map(Object.entries(words));
}

/** MOUNT_ATTR_* to set and to clear. Each may be written with `r` in front: for all mounts below as well. */
export const ATTRIBUTES: Words<readonly [set: number, clear: number]> = table({
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

/** Flags of a file system as a whole, under names that fsconfig(2) knows too. */
export const SUPERBLOCK: Words<number> = table({
  sync: MS.SYNCHRONOUS,
  dirsync: MS.DIRSYNC,
  lazytime: MS.LAZYTIME,
  mand: MS.MANDLOCK,
});

/** Each takes back the other; a new file system begins without any. */
export const SUPERBLOCK_OFF: Words<string> = table({
  async: 'sync',
  nolazytime: 'lazytime',
  nomand: 'mand',
});

/** Flags that only mount(2) can give, to set and to clear. */
export const CLASSIC: Words<readonly [set: number, clear: number]> = table({
  iversion: [MS.I_VERSION, 0],
  noiversion: [0, MS.I_VERSION],
  silent: [MS.SILENT, 0],
  loud: [0, MS.SILENT],
});

/** What an option makes the runtime do, apart from flags. */
export type Switch =
  | 'bind'
  | 'recursive'
  | 'remount'
  | 'copyUp'
  | 'mapIds'
  | 'mapAll'
  | 'copyLink'
  | 'sourceNoFollow'
  | 'targetNoFollow'
  | 'nothing';

export const SWITCHES: Words<readonly Switch[]> = table<readonly Switch[]>({
  bind: ['bind'],
  rbind: ['bind', 'recursive'],
  remount: ['remount'],
  tmpcopyup: ['copyUp'],
  idmap: ['mapIds'],
  // crun's; podman's no-dereference is copy-symlink.
  'copy-symlink': ['copyLink'],
  'src-nofollow': ['sourceNoFollow'],
  'dest-nofollow': ['targetNoFollow'],
  ridmap: ['mapIds', 'mapAll'],
  defaults: ['nothing'],
});

/** MOUNT_ATTR_* under the names of mount(2). */
const MS_OF_ATTR: readonly (readonly [attribute: number, flag: number])[] = [
  [ATTR.RDONLY, MS.RDONLY],
  [ATTR.NOSUID, MS.NOSUID],
  [ATTR.NODEV, MS.NODEV],
  [ATTR.NOEXEC, MS.NOEXEC],
  [ATTR.NODIRATIME, MS.NODIRATIME],
  [ATTR.NOSYMFOLLOW, MS.NOSYMFOLLOW],
  [ATTR.NOATIME, MS.NOATIME],
  [ATTR.STRICTATIME, MS.STRICTATIME],
];

/** Attributes as flags of mount(2). */
export function mountFlags(attributes: number): number {
  return MS_OF_ATTR.reduce((flags, [bit, flag]) => (attributes & bit ? flags | flag : flags), 0);
}
