// `ps ID [OPTIONS]`: the container's processes, as ps(1) of the host shows them.

import { ps } from '../../container/ps.js';
import { containerId } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'ps',
  summary: 'list the processes of a container',
  arguments: [
    containerId,
    {
      name: 'ps-options',
      description: 'options of ps(1) that keep its PID column (default: -ef)',
      optional: true,
      rest: true,
    },
  ],
  passesOn: true,
  flags: {
    format: {
      type: 'text',
      alias: 'f',
      value: 'FORMAT',
      choices: ['table', 'json'],
      default: 'table',
      description: 'a table made by ps(1), or the pids as a JSON array',
    },
  },
  examples: [{ command: 'ps web -o pid,rss,args', description: 'their memory' }],
  async run({ context, id, rest, flags }) {
    const pids = ps(context(), id);
    const { table } = await import('../ps-output.js');
    print(flags.format === 'json' ? `${JSON.stringify(pids)}\n` : table(pids, rest));
    return 0;
  },
});
