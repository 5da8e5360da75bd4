// What can be said of a bundle before it is run: the configuration, then the root filesystem.

import { resolve } from 'node:path';
import { rootProblem } from '../container/bundle.js';
import { collectFacts } from '../host/collect.js';
import { compile } from '../plan/compile.js';
import { optionHint, readMountOptions } from '../plan/mount-options.js';
import type { Config } from '../spec/config/config.js';
import { checkConfig, type Problem } from '../spec/validate.js';
import { readText } from './read-json.js';

/** What was found, and where. */
export interface BundleReport {
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Absolute path of the configuration. */
  readonly config: string;
  /** Whether nothing found stops a container. */
  readonly valid: boolean;
  readonly problems: readonly Problem[];
}

/** Checks a bundle. Fails when the configuration cannot be read at all. */
export function checkBundle(directory: string, file: string | undefined): BundleReport {
  const bundle = resolve(directory);
  const config = resolve(file ?? `${bundle}/config.json`);
  const checked = checkConfig(readText('validate', config));
  const problems = checked.ok
    ? [
        ...checked.warnings,
        ...rootProblems(bundle, checked.config),
        ...optionProblems(checked.config),
        ...planProblems(bundle, checked.config),
      ]
    : checked.problems;
  const valid = !problems.some(({ severity }) => severity === 'error');
  return { bundle, config, valid, problems };
}

/** What this host or this version makes of it: the same warnings and refusals that `run` gives. */
function planProblems(bundle: string, config: Config): Problem[] {
  const compiled = compile(config, collectFacts(), {
    ...{ id: 'ID', operation: 'run', bundle, noPivot: false, noNewKeyring: false },
    ...{ preserveFds: 0, listenFds: 0, cgroupManager: 'cgroupfs' },
  });
  if (compiled.ok) {
    return compiled.plan.warnings.map((warning) => ({ severity: 'warning', ...warning }));
  }
  const { doing, pointer = '', cause } = compiled.failure;
  return [{ severity: 'error', pointer, message: `${doing}: ${cause}` }];
}

/** `run` leaves it to the file system to refuse what is not known. */
function optionProblems({ mounts = [] }: Config): Problem[] {
  return mounts.flatMap(({ options = [] }, mount) =>
    readMountOptions(options).data.flatMap(({ text, index }) => {
      const hint = optionHint(text);
      if (hint === '') return [];
      const message = `"${text}" is left to the file system${hint}`;
      const pointer = `/mounts/${mount}/options/${index}`;
      return [{ severity: 'warning' as const, pointer, message }];
    }),
  );
}

function rootProblems(bundle: string, config: Config): Problem[] {
  const problem = rootProblem(bundle, config);
  if (problem === undefined) return [];
  const { path, pointer = '', cause } = problem;
  return [{ severity: 'error', pointer, message: `${path}: ${cause}` }];
}
