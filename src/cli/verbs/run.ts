// `run ID`: create and start in one; in the foreground its exit status is the container's.

import { run } from '../../container/run.js';
import { containerId, createFlags, createOptions } from '../flags/launch.js';
import { traced } from '../traced.js';
import { verb } from '../verb.js';

export default verb({
  name: 'run',
  summary: 'create a container and start it',
  arguments: [containerId],
  flags: {
    ...createFlags,
    detach: { type: 'switch', alias: 'd', description: 'return once the container runs' },
    keep: { type: 'switch', description: 'keep the state and the cgroup after it has ended' },
  },
  examples: [
    { command: 'run -b ./bundle web', description: 'run web and wait for it' },
    { command: 'run -d --pid-file web.pid web', description: 'run it in the background' },
  ],
  async run({ context, id, flags }) {
    return traced('run', flags.trace, () =>
      run(context(), {
        ...createOptions(id, flags),
        detach: flags.detach,
        keep: flags.keep,
        noSubreaper: flags['no-subreaper'],
      }),
    );
  },
});
