// `resume ID`: the processes of a paused container go on.

import { resume } from '../../container/pause.js';
import { containerId } from '../flags/launch.js';
import { verb } from '../verb.js';

export default verb({
  name: 'resume',
  summary: 'let the processes of a paused container go on',
  arguments: [containerId],
  flags: {},
  examples: [{ command: 'resume web', description: 'web goes on' }],
  async run({ context, id }) {
    resume(context(), id);
    return 0;
  },
});
