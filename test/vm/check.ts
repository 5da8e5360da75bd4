// `sampan check` beside `sampan run` in the guest.

import type { CheckDocument } from '../rig/check.js';
import type { Guest } from './containers.js';

/** What both say of a default container; throws unless they agree. */
export async function agreement(guest: Guest, flags = '', env = '') {
  const sampan = `${env} sampan ${flags}`;
  const { status, stdout, stderr } = await guest.run(`${sampan} check --format json`);
  if (stderr !== '') throw new Error(`check: ${stderr}`);
  const { runs, findings, facts }: CheckDocument = JSON.parse(stdout);
  const folder = `/tmp/${guest.newId()}`;
  const rootless = facts.host.privileged ? '' : '--rootless';
  await guest.output(
    `mkdir ${folder}; cd ${folder}; sampan spec ${rootless}
    sed -i 's|"rootfs"|"/vm/rootfs"|; s|"terminal": true|"terminal": false|; s|"sh"$|"true"|' config.json`,
  );
  const run = await guest.run(`${sampan} run -b ${folder} ${guest.newId()}`);
  const ran = run.status === 0;
  const obstacles = findings.filter(({ needed, verdict }) => needed && verdict === 'missing');
  if (runs !== ran || (status === 0) !== ran || (obstacles.length === 0) !== ran) {
    throw new Error(`check: ${JSON.stringify({ status, runs, obstacles })}\nrun: ${run.stderr}`);
  }
  const finding = (name: string) => findings.find((finding) => finding.name === name);
  return { ran, failure: run.stderr, finding, facts };
}
