// `npm run test:clients [-- --write] [JEST ARGUMENT…]`: real callers drive this runtime and a peer; the
// table of what they got is printed, or with --write becomes docs/clients.md.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { stage } from '../../scripts/stage.js';
import { installed, versionOf } from '../conformance/runtimes.js';
import { forget, results } from './results.js';
import { tableText } from './table.js';

const args = process.argv.slice(2);
const write = args.includes('--write');

forget();
const { ok } = stage(
  'jest',
  'node',
  ['node_modules/jest/bin/jest.js', '--selectProjects', 'clients', ...args.filter(isForJest)],
  { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
);
const table = tableText(results());
if (write) writeFileSync(new URL('../../docs/clients.md', import.meta.url), `${head()}\n${table}`);
else process.stdout.write(table);
process.exitCode = ok ? 0 : 1;

function isForJest(arg: string): boolean {
  return arg !== '--write';
}

function head(): string {
  const kernel = release().split('.', 2).join('.');
  return [
    '# Callers',
    '',
    'What people do with the programs that call a runtime, done with sampan and again with a peer:',
    'the exit code and the output of each command, and that nothing is left behind, are compared',
    '(`npm run test:clients -- --write` writes this page). `as crun`: the same in all of it.',
    '',
    `Runtimes: ${installed().map(versionOf).join(', ')}, on Linux ${kernel}. Callers: ${callers()}.`,
    '',
  ].join('\n');
}

/** Those that are there, with their versions. */
function callers(): string {
  const found = ['podman', 'buildah', 'conmon', 'containerd', 'dockerd'].map((name) => {
    const { stdout, error } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    return error ? undefined : `${name} ${/\d+(\.\d+)+/.exec(stdout)?.[0]}`;
  });
  return found.filter((text) => text !== undefined).join(', ');
}
