// `kill ID [SIGNAL]`: a signal to the container's first process.

import { kill } from '../../container/kill.js';
import { containerId } from '../flags/launch.js';
import { matchingIds } from '../select.js';
import { parseSignal } from '../signal.js';
import { verb } from '../verb.js';

export default verb({
  name: 'kill',
  summary: 'send a signal to a container',
  arguments: [
    containerId,
    {
      name: 'signal',
      description: 'name with or without SIG, or number (default: TERM)',
      optional: true,
    },
  ],
  flags: {
    all: { type: 'switch', alias: 'a', description: 'to every process of the container' },
    regex: {
      type: 'switch',
      alias: 'r',
      description: 'container-id is a regular expression: signal all that match',
    },
  },
  examples: [
    { command: 'kill web', description: 'ask web to end' },
    { command: 'kill --all web KILL', description: 'end every process in it' },
  ],
  async run({ context, id, rest, flags }) {
    const signal = parseSignal(rest[0] || 'TERM');
    const ids = flags.regex ? await matchingIds(context(), id) : [id];
    for (const each of ids) kill(context(), each, signal, { all: flags.all });
    return 0;
  },
});
