// A document of `linux.resources` by itself, as `update --resources` takes it.

import { fail } from '../failure.js';
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
  if (checked.ok) return checked.config.linux?.resources ?? {};
  const { pointer = '', message = '' } =
    checked.problems.find(({ severity }) => severity === 'error') ?? {};
  return fail({
    doing: `${doing}: ${file}`,
    path: pointer.replace(POINTER, '') || '/',
    cause: message,
  });
}
