// The state root and the current directory: whether they are any use.

import * as fs from 'node:fs';
import { dirname } from 'node:path';
import type { Context } from '../../container/context.js';
import { checkRoot } from '../../container/root.js';
import { Failed, type Failure } from '../../failure.js';
import { attempt } from '../../host/system-failure.js';
import type { Places } from './survey.js';

/** `context` throws where there is no place for state. */
export function surveyPlaces(context: () => Context): Places {
  const here = process.cwd();
  return { ...stateRoot(context), here, ...mountOf(here, mountinfo()) };
}

function stateRoot(context: () => Context): Pick<Places, 'root' | 'unwritable'> {
  let root = '';
  try {
    root = context().root;
    tryRoot(root);
    return { root, unwritable: null };
  } catch (error) {
    if (error instanceof Failed) return { root, unwritable: error.failure };
    throw error;
  }
}

/** Makes a directory in it, or where it would be made, under a name that no container has. */
function tryRoot(root: string): Failure | null {
  const place = checkRoot(root) ? root : existing(root);
  const known = { doing: 'write to the state directory', path: place, remedy: 'give --root DIR' };
  attempt(known, () => fs.rmdirSync(fs.mkdtempSync(`${place}/.sampan-check-`)));
  return null;
}

function existing(path: string): string {
  const above = dirname(path);
  return fs.existsSync(above) || above === '/' ? above : existing(above);
}

/** The mount that a path is on, the last of the longest (proc_pid_mountinfo(5)). */
export function mountOf(path: string, text: string): Pick<Places, 'mount' | 'options'> {
  let best = { mount: '', options: [] as string[] };
  for (const line of text.split('\n')) {
    const [, , , , point = '', options = ''] = line.split(' ');
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    if (point === '' || !holds || point.length < best.mount.length) continue;
    best = { mount: point, options: options.split(',') };
  }
  return best;
}

function mountinfo(): string {
  try {
    return fs.readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
