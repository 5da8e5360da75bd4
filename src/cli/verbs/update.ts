// `update ID`: other limits for a container that runs.

import { checkResources, checkShares } from '../check-resources.js';
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
    const { resources: file } = flags;
    const shares = await checkShares(flags);
    const resources = file === undefined ? resourcesOf(flags) : await checkResources(file);
    const { update } = await import('../../container/update.js');
    const nothing = Object.keys(resources).length === 0;
    update(context(), id, shares && nothing ? undefined : resources, shares);
    return 0;
  },
});
