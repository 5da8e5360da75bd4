// What is promised in the guest with systemd: a file a subject in systemd/, one machine for all of them.

import { importAll } from './import-all.js';

await importAll('systemd');
