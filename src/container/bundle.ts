// The bundle: config.json, read and checked.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { type Failure, fail, render } from '../failure.js';
import { codeOf, systemFailure } from '../host/system-failure.js';
import { log } from '../log.js';
import type { Problem } from '../spec/problem.js';
import { quickConfig } from '../spec/quick.js';
import type { Config } from '../spec/types.js';
import { mark } from '../trace.js';

/** A configuration that can be run. */
export interface Bundle {
  /** Absolute path. */
  readonly path: string;
  /** The exact text of its configuration. */
  readonly text: string;
  readonly config: Config;
}

/** Reads and checks a bundle's configuration; warnings go to the log. Rejects with `Failed`. */
export async function readBundle(options: { bundle: string; config?: string }): Promise<Bundle> {
  const file = options.config ?? `${options.bundle}/config.json`;
  const text = read(file);
  mark('read');
  const config = await checked(text, file);
  mark('validate');
  return { path: options.bundle, text, config };
}

function read(path: string): string {
  const known = { doing: 'read the configuration', path };
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    const remedy = 'give the bundle with --bundle DIR, or write a config.json with sampan spec';
    return fail(systemFailure(error, codeOf(error) === 'ENOENT' ? { ...known, remedy } : known));
  }
}

/** That which a container was made from: what is odd about it was said then. */
export async function checkedAgain(text: string, file: string): Promise<Config> {
  const result = await quickConfig(text, { unknown: false });
  return result.ok ? result.config : refuse(result.problems, file);
}

/** The configuration in `text`; `file` is its name for the error. */
async function checked(text: string, file: string): Promise<Config> {
  const result = await quickConfig(text);
  if (!result.ok) return refuse(result.problems, file);
  for (const { pointer, message } of result.warnings) {
    log('warning', render({ doing: 'config.json', pointer, cause: message }));
  }
  return result.config;
}

/**
 * Refuses a bundle whose root filesystem is not a directory, before anything is made. That it still
 * is one when it is opened is not for this check to say.
 */
export function checkRootFilesystem({ path, config }: Bundle): void {
  const problem = rootProblem(path, config);
  if (problem !== undefined) fail(problem);
}

/** Why the root filesystem of a bundle cannot be one; a symbolic link is refused as in runc. */
export function rootProblem(bundle: string, { root }: Config): Failure | undefined {
  const path = resolve(bundle, root.path);
  const known = { doing: 'find the root filesystem', path, pointer: '/root/path' };
  try {
    const stat = fs.lstatSync(path);
    if (stat.isSymbolicLink())
      return { ...known, cause: 'a symbolic link, not a directory', remedy: DIRECTORY };
    return stat.isDirectory() ? undefined : { ...known, cause: 'not a directory' };
  } catch (error) {
    return systemFailure(error, { ...known, remedy: 'a relative path starts at the bundle' });
  }
}

const DIRECTORY = 'name the directory itself';

/** How many other places and names one line has room for. */
const SHOWN = 3;

function refuse(problems: readonly Problem[], file: string): never {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const { pointer = '', message = '' } = errors[0] ?? {};
  return fail({
    doing: 'check the configuration',
    path: file,
    pointer,
    cause: message,
    remedy: [
      ...meant(problems, pointer),
      `${others(errors.slice(1))}sampan validate lists every problem`,
    ].join('; '),
  });
}

/** Names that the specification does not have, with the one they resemble; the cause has that of `told`. */
function meant(problems: readonly Problem[], told: string): string[] {
  const unknown = problems
    .filter(({ nearest, pointer }) => nearest !== undefined && pointer !== told)
    .slice(0, SHOWN);
  // The name is the document's, and this ends on a terminal.
  return unknown.map(({ pointer, nearest }) => {
    return `${pointer.replace(/\p{Cc}/gu, '?')} is probably "${nearest}"`;
  });
}

function others(errors: readonly Problem[]): string {
  if (errors.length === 0) return '';
  const places = errors.slice(0, SHOWN).map(({ pointer }) => pointer || '/');
  const rest = errors.length > SHOWN ? ', …' : '';
  return `${errors.length} more (${places.join(', ')}${rest}): `;
}
