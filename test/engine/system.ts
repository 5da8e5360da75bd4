// The module sampan:system of the executable, here as an addon of Node (addon/cmake/system.cmake).

import { fileURLToPath } from 'node:url';

const module = { exports: {} };
process.dlopen(module, fileURLToPath(new URL('../../build/system.node', import.meta.url)));

export default module.exports;
