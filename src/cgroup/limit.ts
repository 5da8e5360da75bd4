// Writes limits into the files of a cgroup.

import { Failed } from '../failure.js';
import { codeOf, systemFailure } from '../host/system-failure.js';
import { type CgroupWrite, controllerOf } from '../plan/resources/limits.js';
import { writeTo } from './cgroup.js';
import { enableControllers } from './controllers.js';

/** Sets every limit, controllers first. Throws `Failed` with the place of the one that was refused. */
export function limit(path: string, writes: readonly CgroupWrite[]): void {
  const controllers = writes
    .map(({ file }) => controllerOf(file))
    .filter((name) => name !== undefined);
  enableControllers(path, [...new Set(controllers)]);
  for (const write of writes) writeLimit(path, write);
}

function writeLimit(path: string, { file, value, pointer, otherwise, extra }: CgroupWrite): void {
  try {
    writeTo(`${path}/${file}`, value);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && extra) return;
    if (codeOf(error) === 'ENOENT' && otherwise) {
      writeLimit(path, { ...otherwise, pointer });
      return;
    }
    const doing = `set ${file} to ${value}`;
    const remedy = remedyFor(codeOf(error), file);
    throw new Failed(systemFailure(error, { doing, pointer, path, ...remedy }));
  }
}

function remedyFor(code: string | undefined, file: string): { remedy?: string } {
  switch (code) {
    case 'ENOENT':
      return { remedy: `this kernel has no ${file}: leave the limit out` };
    case 'EINVAL':
      return { remedy: `the kernel does not take this value for ${file} (cgroup-v2.rst)` };
    case 'ERANGE':
      return {
        remedy: `the value is out of the range of ${file}, or names what the machine lacks`,
      };
    case 'ENODEV':
      return { remedy: 'there is no such device on this machine' };
    default:
      return {};
  }
}
