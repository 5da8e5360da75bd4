// A document of `linux.resources` by itself, as `update --resources` takes it.

import { fail, render } from '../failure.js';
import { log } from '../log.js';
import type { Problem } from '../spec/problem.js';
import { quickConfig } from '../spec/quick.js';
import type { Resources } from '../spec/types.js';
import { readJson } from './read-json.js';

const STDIN = 0;
const POINTER = '/linux/resources';

/** Reads and checks a file, `-` for standard input. Rejects with `Failed`. */
export async function checkResources(file: string): Promise<Resources> {
  const doing = 'update: --resources';
  const resources = readJson(doing, file, file === '-' ? STDIN : file);
  // The smallest document around it that is right.
  const document = { ociVersion: '1.3.0', root: { path: 'rootfs' }, linux: { resources } };
  const checked = await quickConfig(JSON.stringify(document));
  const about = ({ pointer = '', message = '' }: Partial<Problem> = {}) => ({
    doing: `${doing}: ${file}`,
    path: pointer.replace(POINTER, '') || '/',
    cause: message,
  });
  if (!checked.ok) return fail(about(checked.problems.find(isError)));
  for (const warning of checked.warnings) log('warning', render(about(warning)));
  return checked.config.linux?.resources ?? {};
}

const isError = ({ severity }: Problem) => severity === 'error';
