// `start ID`: lets the process of a created container go.

import { start } from '../../container/start.js';
import { containerId } from '../flags/launch.js';
import { verb } from '../verb.js';

export default verb({
  name: 'start',
  summary: 'start the process of a created container',
  arguments: [containerId],
  flags: {},
  examples: [{ command: 'start web', description: 'start web after create' }],
  async run({ context, id }) {
    start(context(), id);
    return 0;
  },
});
