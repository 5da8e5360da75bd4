// The executable starts here: what Node would provide, then the program.

import './globals.js';

// Not by a plain import: the bundler puts what modules share before them.
await import('../main.js');
