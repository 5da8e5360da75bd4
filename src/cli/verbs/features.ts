// `features`: what `create` takes, as JSON (features.md).

import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'features',
  summary: 'print what configurations can ask for, as JSON',
  arguments: [],
  flags: {},
  examples: [{ command: 'features', description: 'for engines, which ask before they create' }],
  async run() {
    const { features } = await import('../features.js');
    print(`${JSON.stringify(features(), null, 4)}\n`);
    return 0;
  },
});
