// Writes the default config.json, never over another one.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import { defaultSpec } from '../spec/default-spec.js';

const doing = { doing: 'write the specification' };

/** Writes `file` (default: config.json in `bundle`). */
export function writeSpec(bundle: string, file: string | undefined, rootless: boolean): void {
  const path = file ?? resolve(bundle, 'config.json');
  const text = JSON.stringify(defaultSpec({ rootless }), null, '\t');
  if (fs.existsSync(path))
    fail({ ...doing, path, cause: 'the file exists', remedy: 'remove it first' });
  attempt({ ...doing, path }, () => fs.writeFileSync(path, text, { flag: 'wx' }));
}
