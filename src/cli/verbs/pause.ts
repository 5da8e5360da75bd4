// `pause ID`: all processes of a container stand still.

import { containerId } from '../flags/launch.js';
import { verb } from '../verb.js';

export default verb({
  name: 'pause',
  summary: 'freeze the processes of a container',
  arguments: [containerId],
  flags: {},
  examples: [{ command: 'pause web', description: 'web stands still; its state is `paused`' }],
  async run({ context, id }) {
    const { pause } = await import('../../container/pause.js');
    pause(context(), id);
    return 0;
  },
});
