// `npm run test:defences [-- NAME…]`: takes each defence away in a working tree of its own, builds that,
// and looks whether the test fails. Prints a table; status 1 when one still passes. What is tried is
// HEAD, not what is changed in this tree. `-- --write` writes docs/attacks.md and tries nothing.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../rig/cache.js';
import { page } from './page.js';
import { type Defence, defences, top } from './patches.js';

const tree = join(cacheFolder(), 'defences');
const answer = join(tree, 'build/defence.json');

/** What jest writes with --json. */
interface Answer {
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs a command in the tree; whether it succeeds. What it prints is shown when that matters. */
function succeeds(args: readonly string[], where = tree): boolean {
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const [command = '', ...words] = args;
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: where, env });
  if (status !== 0 && command !== 'node') console.error(`${stdout}${stderr}`);
  return status === 0;
}

/** As `failing`; none where the patch is at fault, which does not keep the others from being tried. */
function noticed(defence: Defence): readonly string[] {
  try {
    return failing(defence);
  } catch (error) {
    console.error(error);
    return [];
  }
}

function must(...args: string[]): void {
  if (!succeeds(args, args[0] === 'git' && !existsSync(tree) ? top : tree)) {
    throw new Error(`failed: ${args.join(' ')}`);
  }
}

/** The tree at HEAD; what was built in it before is built further. */
function prepare(): void {
  const head = String(spawnSync('git', ['rev-parse', 'HEAD'], { cwd: top }).stdout).trim();
  if (!existsSync(join(tree, '.git'))) {
    succeeds(['git', 'worktree', 'prune'], top);
    if (!succeeds(['git', 'worktree', 'add', '--detach', tree, head], top)) {
      throw new Error(`${tree} cannot be made`);
    }
    symlinkSync(join(top, 'node_modules'), join(tree, 'node_modules'));
  }
  must('git', 'checkout', '--quiet', '--force', '--detach', head);
}

/** The titles of the tests that fail with the patch. */
function failing({ path, test, title }: Defence): string[] {
  must('git', 'apply', path);
  try {
    must('npm', 'run', '--silent', 'build');
    rmSync(answer, { force: true });
    const options = [
      ...['--selectProjects', 'e2e', '-w', '1'],
      // A test that is cut short may leave something open.
      ...['--forceExit', '--json', `--outputFile=${answer}`],
    ];
    succeeds(['node', 'node_modules/jest/bin/jest.js', ...options, test, '-t', title]);
  } finally {
    must('git', 'checkout', '--quiet', '--force', '.');
  }
  const { numRuntimeErrorTestSuites, testResults }: Answer = JSON.parse(
    readFileSync(answer, 'utf8'),
  );
  if (numRuntimeErrorTestSuites > 0) throw new Error(`${test} does not run`);
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
}

function tryAll(names: readonly string[]): number {
  const chosen = defences().filter(({ name }) => names.length === 0 || names.includes(name));
  let missed = 0;
  prepare();
  for (const defence of chosen) {
    const failed = noticed(defence);
    if (failed.length > 0) missed++;
    console.log(`${failed.length > 0 ? 'fails ' : 'PASSES'} ${defence.name}`);
    for (const title of failed) console.log(`       ${title}`);
  }
  console.log(`${missed} of ${chosen.length} defences are missed when taken away`);
  return missed === chosen.length ? 0 : 1;
}

const names = process.argv.slice(2);
if (names.includes('--write')) writeFileSync(join(top, 'docs/attacks.md'), page());
else process.exitCode = tryAll(names);
