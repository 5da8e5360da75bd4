// node:fs in the executable: what src/ uses of it.

import system from 'sampan:system';
import { constants, flagsOf } from './flags.js';
import { dirname } from './path.js';
import { Dirent, Stats } from './stats.js';

export { constants, Stats };

type Path = string;
type Data = string | Uint8Array;

interface WriteOptions {
  readonly mode?: number;
  readonly flag?: string | number;
}

export function readFileSync(file: Path | number, encoding: 'utf8' | 'latin1'): string;
export function readFileSync(file: Path | number): Uint8Array;
export function readFileSync(file: Path | number, encoding?: 'utf8' | 'latin1') {
  if (encoding === 'utf8') return system.readText(file);
  if (encoding === 'latin1') return system.readLatin1(file);
  if (encoding === undefined) return system.readBytes(file);
  throw new TypeError(`no encoding ${encoding}`);
}

export function writeFileSync(file: Path | number, data: Data, options: WriteOptions = {}): void {
  const { mode = 0o666, flag = 'w' } = options;
  system.writeFile(file, data, flagsOf(flag), mode);
}

export function appendFileSync(file: Path | number, data: Data, options: WriteOptions = {}): void {
  writeFileSync(file, data, { flag: 'a', ...options });
}

export function writeSync(fd: number, data: Data, offset = 0): number {
  return system.write(fd, offset === 0 || typeof data === 'string' ? data : data.subarray(offset));
}

export function openSync(path: Path, flags: string | number = 'r', mode = 0o666): number {
  return system.open(path, flagsOf(flags), mode);
}

export function closeSync(fd: number): void {
  system.close(fd);
}

export function fchmodSync(fd: number, mode: number): void {
  system.fchmod(fd, mode);
}

export function chmodSync(path: Path, mode: number): void {
  system.chmod(path, mode);
}

export function lchownSync(path: Path, uid: number, gid: number): void {
  system.lchown(path, uid, gid);
}

export function statSync(path: Path): Stats {
  return new Stats(system.stat(path));
}

export function lstatSync(path: Path): Stats {
  return new Stats(system.lstat(path));
}

export function fstatSync(fd: number): Stats {
  return new Stats(system.fstat(fd));
}

export function statfsSync(path: Path): { readonly type: number } {
  return { type: system.statfs(path) };
}

export function existsSync(path: Path): boolean {
  return system.exists(path);
}

export function unlinkSync(path: Path): void {
  system.unlink(path);
}

export function rmdirSync(path: Path): void {
  system.rmdir(path);
}

export function renameSync(from: Path, to: Path): void {
  system.rename(from, to);
}

export function readlinkSync(path: Path): string {
  return system.readlink(path);
}

export function realpathSync(path: Path): string {
  return system.realpath(path);
}

export function mkdtempSync(prefix: string): string {
  return system.mkdtemp(prefix);
}

export function readdirSync(path: Path): string[];
export function readdirSync(path: Path, options: { readonly withFileTypes: true }): Dirent[];
export function readdirSync(path: Path, options?: { readonly withFileTypes: true }) {
  const found = system.readdir(path);
  const names = found.filter((_, i) => i % 2 === 0) as string[];
  if (!options?.withFileTypes) return names;
  return names.map((name, i) => new Dirent(name, found[i * 2 + 1] as number));
}

/** With `recursive` also the directories above; one that is there is then no error. */
export function mkdirSync(
  path: Path,
  options: number | { readonly mode?: number; readonly recursive?: boolean } = {},
): void {
  const { mode = 0o777, recursive = false } =
    typeof options === 'number' ? { mode: options } : options;
  try {
    system.mkdir(path, mode);
  } catch (error) {
    const code = recursive ? codeOf(error) : undefined;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    mkdirSync(dirname(path), { mode, recursive });
    system.mkdir(path, mode);
  }
}

export function rmSync(
  path: Path,
  options: { readonly recursive?: boolean; readonly force?: boolean } = {},
): void {
  try {
    if (options.recursive && lstatSync(path).isDirectory()) removeAll(path);
    else system.unlink(path);
  } catch (error) {
    if (!options.force || codeOf(error) !== 'ENOENT') throw error;
  }
}

function removeAll(directory: Path): void {
  const options = { recursive: true, force: true };
  for (const name of readdirSync(directory)) rmSync(`${directory}/${name}`, options);
  system.rmdir(directory);
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
