// `pause ID`: all processes of a container stand still.

import { pause } from '../../container/pause.js';
import { containerId } from '../flags/launch.js';
import { verb } from '../verb.js';

export default verb({
  name: 'pause',
  summary: 'freeze the processes of a container',
  arguments: [containerId],
  flags: {},
  examples: [{ command: 'pause web', description: 'web stands still; its state is `paused`' }],
  async run({ context, id }) {
    pause(context(), id);
    return 0;
  },
});
