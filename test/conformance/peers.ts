// What Debian 12's runtimes (crun 1.8.1, runc 1.1.5) are known not to keep, with the reason.

import type { Known } from './known.js';

export const crun: Known = {};

export const runc: Known = {};
