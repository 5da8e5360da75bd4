// `npm run check` runs all static checks; `npm run format` (`--write`) mends what can be mended.

import { check, mend } from './checks.js';
import { report } from './stage.js';

process.exit(report(process.argv[2] === '--write' ? mend() : await check()));
