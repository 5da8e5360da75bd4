// What was built, when run from source. In the executable src/engine/build-info.ts takes this one's
// place.

import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's version. */
export const version: string = fromPackage();

/** The commit it was built from. */
export const commit = 'unknown';

/** From src or from dist/lib. */
function fromPackage(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const file = fileURLToPath(new URL(path, import.meta.url));
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).version;
  }
  return '0.0.0';
}
