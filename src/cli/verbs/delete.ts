// `delete ID`: removes what a container holds.

import { remove } from '../../container/delete.js';
import { containerId } from '../flags/launch.js';
import { matchingIds } from '../select.js';
import { verb } from '../verb.js';

export default verb({
  name: 'delete',
  summary: 'remove a container that has ended',
  arguments: [containerId],
  flags: {
    force: {
      type: 'switch',
      alias: 'f',
      description: 'kill it first if it runs; no error when there is none of this name',
    },
    regex: {
      type: 'switch',
      alias: 'r',
      description: 'container-id is a regular expression: remove all that match',
    },
  },
  examples: [
    { command: 'delete web', description: 'remove web after it has ended' },
    { command: 'delete --force web', description: 'kill and remove it' },
  ],
  async run({ context, id, flags }) {
    const ids = flags.regex ? await matchingIds(context(), id) : [id];
    for (const each of ids) remove(context(), each, { force: flags.force });
    return 0;
  },
});
