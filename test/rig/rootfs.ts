// Root filesystems made of Debian's packages: a busybox one in milliseconds, a Debian one cached.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from './cache.js';
import type { Identity, IdRange } from './identity.js';

/** Makes a root filesystem in the existing, empty directory `folder` for `owner`. */
export type MakeRootfs = (folder: string, owner: Identity) => void | Promise<void>;

const { S_IFDIR, S_IFLNK, S_IFMT } = constants;
const busybox = '/usr/bin/busybox';
const directories = ['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp', 'usr'];

/** One static program under all its names, an /etc with two accounts, and nothing else. */
export const busyboxRootfs: MakeRootfs = (folder, owner) => {
  for (const name of directories) mkdirSync(join(folder, name));
  copyFileSync(busybox, join(folder, 'bin/busybox'));
  const names = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const name of names.filter((name) => name !== 'busybox')) {
    symlinkSync('busybox', join(folder, 'bin', name));
  }
  writeFileSync(join(folder, 'etc/passwd'), accounts.passwd);
  writeFileSync(join(folder, 'etc/group'), accounts.group);
  giveTo(owner, folder);
};

function giveTo({ uid, gid }: Identity, folder: string): void {
  if (uid !== process.getuid?.()) execFileSync('chown', ['-hR', `${uid}:${gid}`, folder]);
}

const accounts = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  group: 'root:x:0:\nnogroup:x:65534:\n',
};

/** Whether the programs that the Debian root filesystem is made with are there. */
export const canMakeDebian = existsSync('/usr/bin/mmdebstrap') && process.getuid?.() === 0;

/**
 * Debian 12 with apt, perl, su and bash, copied from a tree that is made once. For an ordinary user
 * the owners are moved into the user's ranges of subordinate ids, as they are seen from outside a
 * user namespace with `Bundle.useIdRanges()`.
 */
export const debianRootfs: MakeRootfs = async (folder, owner) => {
  await execa('cp', ['-a', '--reflink=auto', `${await debianTree()}/.`, folder]);
  if (owner.uid !== 0) moveOwners(folder, owner);
};

/** Makes the tree that `debianRootfs` copies unless it is there; the first time takes a minute. */
export async function debianTree(): Promise<string> {
  const tree = join(cacheFolder(), 'debian-bookworm');
  const make =
    'test -e "$1" || { rm -rf "$1.new"; mmdebstrap --variant=minbase --quiet --format=directory ' +
    '--include=bash,perl-base,util-linux,login bookworm "$1.new" && mv "$1.new" "$1"; }';
  // One test worker makes it, the others wait.
  await execa('flock', [`${tree}.lock`, 'sh', '-c', make, 'sh', tree]);
  return tree;
}

/** Changes every owner in a tree from what it is inside a container to what it is outside. */
function moveOwners(path: string, to: Identity): void {
  const { uid, gid, mode } = lstatSync(path);
  lchownSync(path, outside(uid, to.uid, to.subuid), outside(gid, to.gid, to.subgid));
  // chown(2) clears these bits.
  if (mode & 0o6000 && (mode & S_IFMT) !== S_IFLNK) chmodSync(path, mode & 0o7777);
  if ((mode & S_IFMT) !== S_IFDIR) return;
  for (const name of readdirSync(path)) moveOwners(join(path, name), to);
}

function outside(id: number, own: number, range: IdRange | undefined): number {
  return id === 0 ? own : (range?.first ?? own) + id - 1;
}
