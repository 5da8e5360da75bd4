// `sampan check` beside `sampan run` at the same place.

import type { Finding } from '../../src/cli/check/finding.js';
import type { Survey } from '../../src/cli/check/survey.js';
import type { Ran } from './execute.js';
import type { Rig } from './rig.js';

/** What `check --format json` prints. */
export interface CheckDocument {
  readonly runs: boolean;
  readonly findings: readonly Finding[];
  readonly facts: Survey;
}

/** Runs a command as the rig's identity; another one may prepare a place first. */
export type Execute = (argv: readonly string[]) => Promise<Ran>;

/** The document, wherever it was printed. */
export async function check(rig: Rig): Promise<CheckDocument> {
  return JSON.parse((await rig.command(['check', '--format', 'json'])).stdout);
}

/** What both say; throws unless they agree. `prefix` stands before the command, `flags` after it. */
export async function agreement(
  rig: Rig,
  prefix: readonly string[] = [],
  flags: readonly string[] = [],
  execute: Execute = (argv) => rig.execute(argv),
) {
  const line = [...prefix, ...rig.commandLine(), ...flags];
  const bundle = await rig.bundle(undefined, rig.commandLine());
  const run = await execute([...line, 'run', '--bundle', bundle.path, rig.newId()]);
  const { status, stdout, stderr } = await execute([...line, 'check', '--format', 'json']);
  if (stderr !== '') throw new Error(`check: ${stderr}`);
  const document: CheckDocument = JSON.parse(stdout);
  const obstacles = document.findings.filter(
    ({ needed, verdict }) => needed && verdict === 'missing',
  );
  const said = { runs: document.runs, status, obstacles: obstacles.map(({ name }) => name) };
  const ran = run.status === 0;
  const right = { runs: ran, status: ran ? 0 : 1 };
  if (said.runs !== right.runs || status !== right.status || (obstacles.length === 0) !== ran) {
    throw new Error(
      `check: ${JSON.stringify({ ...said, trial: document.facts.trial })}\nrun: [${run.status}] ${run.stderr}`,
    );
  }
  return { ...said, ran, failure: run.stderr, document };
}
