// `state ID`: the state of a container as JSON.

import { state } from '../../container/state.js';
import { visibleJson } from '../../visible.js';
import { containerId } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'state',
  summary: 'print the state of a container as JSON',
  arguments: [containerId],
  flags: {},
  examples: [{ command: 'state web', description: 'pid, status and bundle of web' }],
  async run({ context, id }) {
    print(`${visibleJson(JSON.stringify(state(context(), id), null, 2))}\n`);
    return 0;
  },
});
