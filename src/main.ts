// Under Node and Bun. The executable begins with src/engine/main.ts.

import { command } from './cli/command.js';

process.exit(await command(process.argv.slice(2)));
