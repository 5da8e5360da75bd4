// Installs what the repository needs and the machine lacks: `node scripts/setup.mjs build test vm? …`.
// A purpose with `?` is one that the rest does without: its packages may be missing.
// Plain JavaScript without dependencies, since it runs before there is a node_modules.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { debianPackages } from './debian-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Package names with the reason for each, for the given purposes.
 * @param {string[]} purposes
 * @returns {Map<string, string>}
 */
function wanted(purposes) {
  const known = Object.entries(debianPackages);
  return new Map(
    known.filter(([purpose]) => purposes.includes(purpose)).flatMap(([, p]) => Object.entries(p)),
  );
}

/**
 * Those of the given packages that dpkg does not hold as installed.
 * @param {string[]} packages
 */
function missing(packages) {
  const query = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${db:Status-Status} ${Package}\n', ...packages],
    {
      encoding: 'utf8',
    },
  );
  if (query.error) {
    console.error(
      'setup: this is not a Debian system, so these are taken for installed:',
      ...packages,
    );
    return [];
  }
  const installed = new Set(
    query.stdout.split('\n').map((line) => line.replace(/^installed /, '')),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  console.error(`setup: ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env }).status === 0;
}

/** @param {string[]} packages */
function aptInstall(packages) {
  const install = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  if (succeeds('apt-get', install)) return;
  // The lists of a fresh machine are empty or old.
  if (succeeds('apt-get', ['update', '-q'])) succeeds('apt-get', install);
}

/**
 * @param {string[]} purposes
 * @param {boolean} optional
 */
function ensureDebianPackages(purposes, optional) {
  const reasons = wanted(purposes);
  const names = [...reasons.keys()];
  let lacking = missing(names);
  if (lacking.length > 0 && process.getuid?.() === 0) {
    aptInstall(lacking);
    lacking = missing(names);
  }
  if (lacking.length === 0) return;
  console.error('setup: these Debian packages are missing:');
  for (const name of lacking) console.error(`  ${name.padEnd(16)} ${reasons.get(name)}`);
  console.error(`setup: install them as root: apt-get install ${lacking.join(' ')}`);
  if (optional) console.error('setup: going on without');
  else process.exit(1);
}

/** `npm ci`, unless what is installed is what package-lock.json names. */
function ensureNodeModules() {
  const mark = `${root}node_modules/.sampan-setup`;
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  if (!succeeds('npm', ['ci'])) {
    console.error('setup: `npm ci` failed; is the npm registry reachable?');
    process.exit(1);
  }
  writeFileSync(mark, lock);
}

const purposes = process.argv.slice(2);
const optional = purposes.filter((purpose) => purpose.endsWith('?'));
ensureDebianPackages(
  purposes.filter((purpose) => !optional.includes(purpose)),
  false,
);
if (optional.length > 0) {
  ensureDebianPackages(
    optional.map((purpose) => purpose.slice(0, -1)),
    true,
  );
}
ensureNodeModules();
