// node:path in the executable: what src/ uses of it, for paths of POSIX.

/** `a//b/../c/` as `a/c/`. */
export function normalize(path: string): string {
  const absolute = path.startsWith('/');
  const parts = simplified(path, absolute).join('/');
  if (parts === '' && absolute) return '/';
  return `${absolute ? '/' : ''}${parts || '.'}${path.endsWith('/') ? '/' : ''}`;
}

/** The absolute path that the last of `paths` means, each relative to the one before. */
export function resolve(...paths: string[]): string {
  let all = '';
  for (let i = paths.length - 1; i >= 0 && !all.startsWith('/'); i -= 1) {
    if (paths[i]) all = `${paths[i]}/${all}`;
  }
  if (!all.startsWith('/')) all = `${process.cwd()}/${all}`;
  return `/${simplified(all, true).join('/')}`;
}

/** The last part, without slashes at the end. */
export function basename(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** What comes before the last part. */
export function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const end = trimmed.lastIndexOf('/');
  if (end <= 0) return path.startsWith('/') ? '/' : '.';
  return end === 1 && path.startsWith('/') ? '//' : trimmed.slice(0, end);
}

/** This module, as node:path names its POSIX half. */
export const posix = { normalize, resolve, basename, dirname };

/** The parts that remain when `.` and `..` are worked in; `..` above the root is the root. */
function simplified(path: string, absolute: boolean): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push('..');
  }
  return parts;
}
