// `stats [ID…]`: what containers use, one line each; on a terminal again and again.

import { pause } from '../../host/pause.js';
import { onTerminal } from '../../output.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'stats',
  summary: 'show what containers use, one line each',
  arguments: [
    {
      name: 'container-id',
      description: 'the containers; by default all that run',
      optional: true,
      rest: true,
      container: true,
    },
  ],
  flags: {
    'no-stream': { type: 'switch', description: 'print once, also on a terminal' },
  },
  examples: [
    { command: 'stats', description: 'all that run, twice a second' },
    { command: 'stats --no-stream web', description: 'one line about web' },
  ],
  async run({ context, id, rest, flags }) {
    const { sample } = await import('../../container/sample.js');
    const { statsTable } = await import('../stats-output.js');
    const ids = id === '' ? undefined : [id, ...rest];
    const live = onTerminal(1) && !flags['no-stream'];
    let before = sample(context(), ids);
    for (;;) {
      pause(INTERVAL_MS);
      const now = sample(context(), ids);
      print((live ? CLEAR : '') + statsTable(before, now));
      if (!live) return 0;
      before = now;
    }
  },
});

/** Time is measured between two looks, in milliseconds. */
const INTERVAL_MS = 500;
/** Cursor to the top, and everything below it gone (console_codes(4)). */
const CLEAR = '\x1b[H\x1b[J';
