// What callers do in the guest where limits hold and systemd runs: a file a caller in clients/, one
// machine for all of them.

import { importAll } from './import-all.js';

await importAll('clients');
