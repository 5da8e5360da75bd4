// The executable starts here: what Node would provide, then the program.

import './globals.js';
import './addon.js';
import '../main.js';
