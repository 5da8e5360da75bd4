// Parts of config.json by themselves, as `update` takes them: a document of `linux.resources`, and
// what flags say of `linux.intelRdt`.

import { fail, render } from '../failure.js';
import { log } from '../log.js';
import type { Shares } from '../plan/resctrl.js';
import type { Problem } from '../spec/problem.js';
import { quickConfig } from '../spec/quick.js';
import type { Resources } from '../spec/types.js';
import { readJson } from './read-json.js';
import { given } from './verb.js';

const STDIN = 0;
const POINTER = '/linux/resources';

/** Reads and checks a file, `-` for standard input. Rejects with `Failed`. */
export async function checkResources(file: string): Promise<Resources> {
  const doing = 'update: --resources';
  const resources = readJson(doing, file, file === '-' ? STDIN : file);
  const checked = await quickConfig(documentAround({ resources }));
  const about = ({ pointer = '', message = '' }: Partial<Problem> = {}) => ({
    doing: `${doing}: ${file}`,
    path: pointer.replace(POINTER, '') || '/',
    cause: message,
  });
  if (!checked.ok) return fail(about(checked.problems.find(isError)));
  for (const warning of checked.warnings) log('warning', render(about(warning)));
  return checked.config.linux?.resources ?? {};
}

const SCHEMAS = {
  '/linux/intelRdt/l3CacheSchema': 'l3-cache-schema',
  '/linux/intelRdt/memBwSchema': 'mem-bw-schema',
} as const;

/** The shares that flags ask for; undefined without any. Rejects with `Failed`. */
export async function checkShares(
  flags: Readonly<Record<(typeof SCHEMAS)[keyof typeof SCHEMAS], string | undefined>>,
): Promise<Shares | undefined> {
  const { 'l3-cache-schema': l3CacheSchema, 'mem-bw-schema': memBwSchema } = flags;
  if (!(l3CacheSchema || memBwSchema)) return undefined;
  const shares = given({ l3CacheSchema, memBwSchema });
  const checked = await quickConfig(documentAround({ intelRdt: shares }));
  const about = ({ pointer, message = '' }: Partial<Problem>) => ({
    doing: `update: --${SCHEMAS[pointer as keyof typeof SCHEMAS]}`,
    cause: message,
  });
  if (!checked.ok) return fail(about(checked.problems.find(isError) ?? {}));
  for (const warning of checked.warnings) log('warning', render(about(warning)));
  return shares;
}

/** The smallest one that is right around `linux`. */
function documentAround(linux: object): string {
  return JSON.stringify({ ociVersion: '1.3.0', root: { path: 'rootfs' }, linux });
}

const isError = ({ severity }: Problem) => severity === 'error';
