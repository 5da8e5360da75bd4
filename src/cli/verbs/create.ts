// `create ID`: a container whose process waits for `start`.

import { create } from '../../container/create.js';
import { containerId, createFlags, createOptions } from '../flags/launch.js';
import { traced } from '../traced.js';
import { verb } from '../verb.js';

export default verb({
  name: 'create',
  summary: 'create a container; its process waits for start',
  arguments: [containerId],
  flags: createFlags,
  examples: [{ command: 'create -b ./bundle web', description: 'create web from ./bundle' }],
  async run({ context, id, flags }) {
    await traced('create', flags.trace, () => create(context(), createOptions(id, flags)));
    return 0;
  },
});
