// Runs the Bun that package.json pins: `node scripts/bun.mjs ARG…`.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Path of the Bun executable. The `bun` package holds a shell script in its place until its
 * install script has run, which this repository does not allow (`.npmrc`), so the package for
 * this architecture is looked at first.
 * @returns {string | undefined}
 */
export function findBun() {
  const target = `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const candidates = [`${target}/bin/bun`, `${target}-musl/bin/bun`, 'bun/bin/bun.exe'].map(
    (path) => `${root}node_modules/${path}`,
  );
  return candidates.find((path) => existsSync(path) && isElf(path));
}

/** @param {string} path */
function isElf(path) {
  const magic = Buffer.alloc(4);
  const fd = openSync(path, 'r');
  readSync(fd, magic);
  closeSync(fd);
  return magic.toString('latin1') === '\x7fELF';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bun = findBun();
  if (bun === undefined) {
    console.error('bun is not installed in node_modules; run `npm ci` (or `npm run setup`) first');
    process.exit(1);
  }
  const result = spawnSync(bun, process.argv.slice(2), { stdio: 'inherit' });
  if (result.error) throw result.error;
  process.exit(result.status ?? 1);
}
