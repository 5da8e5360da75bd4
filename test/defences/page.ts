// docs/attacks.md: what each test notices, and what the same attacks do to crun and runc.

import { type Defence, defences } from './patches.js';
import { type Answers, PEERS, peers } from './peers.js';
import { reasons } from './reasons.js';
import { keyOf, rows } from './rows.js';

/** The whole page. */
export function page(): string {
  return `${[
    '# Attacks',
    'Made by `npm run test:defences -- --write`. [SECURITY.md](../SECURITY.md) says which test carries each attack out.',
    '## What each test notices',
    'Each of these defences was taken away by a patch of its own (`test/defences/patches/`), the result built,\n' +
      'and the test of the attack run: it failed. `npm run test:defences` does it again; with names, for some.',
    table(['attack', 'defence', 'without it', 'patch'], rows().flatMap(removals)),
    '## The same attacks on other runtimes',
    'The same tests with `SAMPAN_RUNTIME`, on copies of the executables, in a view of a pure cgroup2 but for\n' +
      'runc 1.1. An error in other words is no failure: what counts is what the attack achieved. Not in the\n' +
      'table: races, what is about state, maps, helpers or words of sampan, and consoles, where the others\n' +
      'end before the attack for want of a terminal of their caller.',
    table(['attack', ...PEERS], rows().flatMap(others)),
  ].join('\n\n')}\n`;
}

function removals(row: Parameters<typeof keyOf>[0]): string[][] {
  const key = keyOf(row);
  const patches = defences().filter(({ attack }) => attack === key);
  if (patches.length === 0) return [[row.attack, '', reasons[key] ?? '', '']];
  return patches.map(({ defence, removed, name }: Defence, index) => {
    return [index === 0 ? row.attack : '', defence, removed, name];
  });
}

function others(row: Parameters<typeof keyOf>[0]): string[][] {
  const answers: Answers | undefined = peers[keyOf(row)];
  return answers === undefined ? [] : [[row.attack, ...answers]];
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
