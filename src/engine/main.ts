// The executable starts here. All of src/ is loaded when it is built, and kept as it is then
// (addon/engine/snapshot.h): no module may ask for anything of the process while it is loaded.

import { beginProcess } from './globals.js';

// Not by a plain import: the bundler puts what modules share before them.
const { command } = await import('../cli/command.js');
// The order is that in the heap: what is needed most lies together, on the fewest pages.
await import('../cli/verbs/launching.js');
await import('../cli/verbs/standing.js');

/** What a process does: called by the engine's host with argv. */
Object.assign(globalThis, {
  async sampanMain(argv: readonly string[]): Promise<void> {
    beginProcess(argv);
    process.exit(await command(process.argv.slice(2)));
  },
});
