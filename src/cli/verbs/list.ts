// `list`: the containers below --root.

import { ids, list } from '../../container/list.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'list',
  summary: 'list the containers below --root',
  arguments: [],
  flags: {
    format: {
      type: 'text',
      alias: 'f',
      value: 'FORMAT',
      choices: ['table', 'json'],
      default: 'table',
      description: 'form of the output',
    },
    quiet: { type: 'switch', alias: 'q', description: 'print only the ids' },
  },
  examples: [{ command: 'list --format json', description: 'all that is known, as JSON' }],
  async run({ context, flags }) {
    const { idLines, jsonLine, table } = await import('../list-output.js');
    if (flags.quiet) {
      print(idLines(ids(context())));
      return 0;
    }
    const containers = list(context());
    print(flags.format === 'json' ? jsonLine(containers) : table(containers));
    return 0;
  },
});
