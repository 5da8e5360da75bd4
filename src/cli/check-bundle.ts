// What can be said of a bundle before it is run: the configuration, then the root filesystem.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
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
    ? [...checked.warnings, ...rootProblems(bundle, checked.config)]
    : checked.problems;
  const valid = !problems.some(({ severity }) => severity === 'error');
  return { bundle, config, valid, problems };
}

function rootProblems(bundle: string, { root }: Config): Problem[] {
  const path = resolve(bundle, root.path);
  const message = rootProblem(path);
  return message === undefined ? [] : [{ severity: 'error', pointer: '/root/path', message }];
}

function rootProblem(path: string): string | undefined {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return `${path} does not exist`;
  if (stat.isSymbolicLink()) return `${path} is a symbolic link, which a root may not be`;
  return stat.isDirectory() ? undefined : `${path} is not a directory`;
}
