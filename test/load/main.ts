// `npm run load [-- --seed N --part NAME… --scale SHARE --write]`: many containers, commands that are
// killed, commands that compete. Prints what was found; status 1 when a promise was broken.

import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { pureCgroup2Only } from '../rig/cgroup2.js';
import { amRoot, ordinaryUser, root } from '../rig/identity.js';
import { full, type Scale, type Session, session } from './session.js';
import { tableText } from './table.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    part: { type: 'string', multiple: true, default: [] },
    as: { type: 'string' },
    scale: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

if (amRoot) pureCgroup2Only();

const identities = (amRoot ? [root(), ordinaryUser()] : [ordinaryUser()]).filter(
  ({ name }) => values.as === undefined || values.as === name,
);
const seed = Number(values.seed);
const scale = scaled(Number(values.scale));
if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed}`);

console.error(`seed ${seed}`);
const started = performance.now();
const sessions: Session[] = [];
for (const identity of identities) {
  const since = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const tell = (what: string) => console.error(`${since()}: ${what}`);
  sessions.push(await session(identity, scale, { seed, parts: values.part, tell }));
}
const text = tableText(sessions);
console.log(text);
if (values.write) write(text);
console.error(`seed ${seed}, ${Math.round((performance.now() - started) / 1000)} s`);
const all = sessions.flatMap(({ findings }) => findings);
process.exitCode = all.every(({ broken, left }) => broken.length + left.length === 0) ? 0 : 1;

/** A share of everything, for a look. */
function scaled(share: number): Scale {
  const part = (count: number) => Math.max(2, Math.round(count * share));
  return {
    ...full,
    sequence: part(full.sequence),
    crowd: part(full.crowd),
    kills: part(full.kills),
    races: part(full.races),
    recycled: part(full.recycled),
    sizes: [1, ...full.sizes.slice(1).map(part)],
  };
}

function write(table: string): void {
  const head = [
    '# Load and faults',
    '',
    'Many containers one after the other and at once, commands that are killed with SIGKILL at random',
    'moments, commands that compete for one id, and pids that were given to another process. After',
    'each of them no process, mount, cgroup or file may be left, and the id can be used again.',
    '`npm run load -- --write` writes this page; it takes two minutes on a quiet machine.',
    '',
    '* Times are from the start of a command to its end, as a busy test program sees it. Those of',
    '  `state`, `run` and `list` are measured closer, and show what it costs that other containers',
    '  exist. Read them beside each other.',
    '* Of commands at once, what they reported must be explained by an order in which each was lawful,',
    '  which agrees with when they began and ended, and which leads to the state that is found then',
    '  (`test/load/lawful.ts`).',
    '* Random moments come from a seed; `--seed N` gives it again.',
    '',
    `Seed ${seed}, Linux ${release().split('.', 2).join('.')}.`,
    '',
  ];
  const page = new URL('../../docs/load.md', import.meta.url);
  mkdirSync(new URL('.', page), { recursive: true });
  writeFileSync(page, `${head.join('\n')}\n${table.trimEnd()}\n`);
}
