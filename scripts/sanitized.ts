// `npm run test:sanitized` once everything is built: the end-to-end tests with the sanitizers. Arguments go
// to jest.

import { sanitizedTests } from './sanitized-tests.js';
import { report } from './stage.js';

process.exit(report(await sanitizedTests(process.argv.slice(2))));
