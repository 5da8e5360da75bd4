// `npm run bench [-- --rounds N --only NAME --peers NAME --bundle NAME --as USER --write]`: dist/sampan
// beside crun and runc of this Debian and of the newest, and bubblewrap. Never a pass or a fail: it
// prints tables, with --write puts them into docs/performance.md, and all samples are in
// bench-results.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { makeRoot, packages } from '../clients/release.js';
import { pureCgroup2Only, seesPureCgroup2 } from '../rig/cgroup2.js';
import { amRoot, ordinaryUser, root } from '../rig/identity.js';
import { readOptions } from './options.js';
import { withText } from './page.js';
import { peerNames, peers } from './peers.js';
import { rowNames } from './rows.js';
import { measureAs, type Session } from './session.js';
import { sessionText } from './table.js';

const options = readOptions(process.argv.slice(2), rowNames, peerNames);
// Some runtimes refuse a machine with both versions of cgroups.
if (amRoot) pureCgroup2Only();

const wanted = (name: string) => options.peers.length === 0 || options.peers.includes(name);
const tree =
  amRoot && existsSync('/usr/bin/mmdebstrap') && peerNames.some(isNewer) ? newest() : undefined;
const identities = (amRoot ? [root(), ordinaryUser()] : [ordinaryUser()]).filter(
  ({ name }) => options.as === undefined || options.as === name,
);
const [load] = loadavg();
const started = performance.now();
const plan = {
  ...options,
  peersThere: peers(tree).filter(({ name }) => wanted(name)),
  cgroups: seesPureCgroup2() ? 'cgroup v2' : "the machine's cgroups",
  tell: (what: string) =>
    console.error(`${Math.round((performance.now() - started) / 1000)} s: ${what}`),
};
const sessions: Session[] = [];
for (const identity of identities) sessions.push(await measureAs(identity, plan));

const text = `${head()}\n\n${sessions.map(sessionText).join('\n\n')}`;
console.log(text);
if (options.write) {
  const page = new URL('../../docs/performance.md', import.meta.url);
  writeFileSync(page, withText(readFileSync(page, 'utf8'), text));
}
const machine = { cpus: cpus().length, cpu: cpus()[0]?.model, kernel: release() };
const results = { date: new Date().toISOString(), machine, rounds: options.rounds, sessions };
writeFileSync('bench-results.json', `${JSON.stringify(results, null, 1)}\n`);
console.error('All samples are in bench-results.json');

function isNewer(name: string): boolean {
  return name.endsWith('-sid') && wanted(name);
}

function newest(): string {
  return makeRoot('sid', packages, ordinaryUser().name);
}

function head(): string {
  const titles = new Set(sessions.flatMap(({ peers }) => peers.map(({ title }) => title)));
  const kernel = release().split('.', 2).join('.');
  const before = `the machine had a load of ${load?.toFixed(1)} before`;
  return `${options.rounds} rounds of ${[...titles].join(', ')}, on Linux ${kernel}; ${before}.`;
}
