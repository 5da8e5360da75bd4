// `sampan check` beside `sampan run` at the same place.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/cli/check/finding.js';
import type { Survey } from '../../src/cli/check/survey.js';
import { launch, type Ran } from './execute.js';
import type { Rig } from './rig.js';

/** What `check --format json` prints. */
export interface CheckDocument {
  readonly runs: boolean;
  readonly findings: readonly Finding[];
  readonly facts: Survey;
}

/** Runs a command at a place. */
export type Execute = (argv: readonly string[]) => Promise<Ran>;

/** The document, wherever it was printed. */
export async function check(rig: Rig): Promise<CheckDocument> {
  return JSON.parse((await rig.command(['check', '--format', 'json'])).stdout);
}

/**
 * Commands as the rig's identity where a shell script of root has changed the mounts before; the
 * tests themselves must run as root. `prefix` is executed as the identity.
 */
export function prepared(rig: Rig, script: string, prefix: readonly string[] = []): Execute {
  const shell = ['unshare', '--mount', 'sh', '-ec', `${script}\nexec "$@"`, 'sh'];
  return (argv) => {
    const line = [...shell, ...rig.identity.prefix, ...prefix, ...argv];
    return launch(line, rig.dir, rig.environment(), rig.identity, {}).ended;
  };
}

/** What both say; throws unless they agree. `flags` are global options. */
export async function agreement(
  rig: Rig,
  flags: readonly string[] = [],
  execute: Execute = (argv) => rig.execute(argv),
) {
  const line = [...rig.commandLine(), ...flags];
  const { status, stdout, stderr } = await execute([...line, 'check', '--format', 'json']);
  if (stderr !== '') throw new Error(`check: ${stderr}`);
  const document: CheckDocument = JSON.parse(stdout);
  const bundle = await bundleFor(rig, document, execute);
  const run = await execute([...line, 'run', '--bundle', bundle.path, rig.newId()]);
  const ran = run.status === 0;
  const obstacles = document.findings
    .filter(({ needed, verdict }) => needed && verdict === 'missing')
    .map(({ name }) => name);
  if (document.runs !== ran || (status === 0) !== ran || (obstacles.length === 0) !== ran) {
    const { trial } = document.facts;
    const said = JSON.stringify({ status, runs: document.runs, obstacles, trial });
    throw new Error(`check: ${said}\nrun: [${run.status}] ${run.stderr}`);
  }
  const finding = (name: string) => document.findings.find((finding) => finding.name === name);
  return { ran, obstacles, failure: run.stderr, document, finding };
}

/** The default one as the place has it. */
async function bundleFor(rig: Rig, { facts }: CheckDocument, execute: Execute) {
  const bundle = await rig.bundle();
  rmSync(join(bundle.path, 'config.json'));
  const rootless = facts.host.privileged ? [] : ['--rootless'];
  const spec = await execute([...rig.commandLine(), 'spec', '--bundle', bundle.path, ...rootless]);
  if (spec.status !== 0) throw new Error(`spec: ${spec.stderr}`);
  return bundle.edit(({ process }) => {
    process.terminal = false;
    process.args = ['true'];
  });
}
