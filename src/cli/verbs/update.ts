// `update ID`: other limits for a container that runs.

import { fail } from '../../failure.js';
import { checkResources } from '../check-resources.js';
import { containerId } from '../flags/launch.js';
import { resourceFlags, resourcesOf } from '../flags/resources.js';
import { verb } from '../verb.js';

export default verb({
  name: 'update',
  summary: 'change the limits of a container',
  arguments: [containerId],
  flags: resourceFlags,
  examples: [
    {
      command: 'update --memory 512M --pids-limit 100 web',
      description: 'two limits, the rest stays',
    },
    { command: 'update -r - web <limits.json', description: 'what the JSON document names' },
  ],
  async run({ context, id, flags }) {
    if (flags['l3-cache-schema'] ?? flags['mem-bw-schema']) {
      fail({ doing: `update container ${id}`, cause: 'Intel RDT cannot be changed yet' });
    }
    const { resources: file } = flags;
    const resources = file === undefined ? resourcesOf(flags) : await checkResources(file);
    const { update } = await import('../../container/update.js');
    update(context(), id, resources);
    return 0;
  },
});
