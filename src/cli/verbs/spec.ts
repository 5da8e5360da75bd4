// `spec`: writes a config.json to begin with.

import { bundleFlag } from '../flags/launch.js';
import { verb } from '../verb.js';

export default verb({
  name: 'spec',
  summary: 'write a new config.json',
  arguments: [],
  flags: {
    ...bundleFlag,
    file: {
      type: 'file',
      alias: 'f',
      value: 'FILE',
      description: 'write FILE instead of config.json in the bundle',
    },
    rootless: { type: 'switch', description: 'for a container run by an ordinary user' },
  },
  examples: [{ command: 'spec --rootless', description: 'config.json in this directory' }],
  async run({ flags }) {
    const { writeSpec } = await import('../write-spec.js');
    writeSpec(flags.bundle, flags.file, flags.rootless);
    return 0;
  },
});
