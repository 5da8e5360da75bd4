// `npm run bench [-- --rounds N]`: dist/sampan beside crun, runc and bubblewrap. Never a pass or a
// fail: it prints tables and writes all samples to bench-results.json.

import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { amRoot, type Identity, ordinaryUser, root } from '../rig/identity.js';
import { cgroupViews, measureAs, type Session } from './session.js';
import { sessionText } from './table.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '40' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}`);

const identities: Identity[] = amRoot ? [root(), ordinaryUser()] : [ordinaryUser()];
console.log(`${rounds} rounds`);
const sessions: Session[] = [];
for (const cgroups of cgroupViews) {
  for (const identity of identities) {
    const session = await measureAs(identity, cgroups, rounds);
    console.log(sessionText(session));
    sessions.push(session);
  }
}

const machine = {
  cpus: cpus().length,
  cpu: cpus()[0]?.model,
  kernel: release(),
};
const results = { date: new Date().toISOString(), machine, rounds, sessions };
writeFileSync('bench-results.json', `${JSON.stringify(results, null, 1)}\n`);
console.log('\nAll samples are in bench-results.json');
