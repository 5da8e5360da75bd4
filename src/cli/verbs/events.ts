// `events ID`: what a container uses, again and again, as lines of JSON.

import { fail } from '../../failure.js';
import { containerId } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'events',
  summary: 'show what a container uses, and when it lacks memory, CPU time or I/O',
  arguments: [containerId],
  flags: {
    interval: {
      type: 'text',
      value: 'DURATION',
      default: '5s',
      description: 'time between two lines, such as 500ms or 1m',
    },
    pressure: {
      type: 'number',
      value: 'PERCENT',
      min: 0,
      max: 100,
      default: 10,
      description: 'share of time waited for memory, a CPU or I/O that is told; 0 for never',
    },
    stats: { type: 'switch', description: 'one line, then end' },
  },
  examples: [
    { command: 'events --stats web', description: 'once' },
    { command: 'events --interval 1s web', description: 'every second, until web has ended' },
  ],
  async run({ context, id, flags }) {
    const { parseDuration } = await import('../duration.js');
    const interval =
      parseDuration(flags.interval) ??
      fail({
        doing: 'events: --interval',
        path: JSON.stringify(flags.interval),
        cause: 'expected a duration, such as 5s, 500ms or 1m30s',
      });
    const { events, stats } = await import('../../container/events.js');
    const { wideJson } = await import('../../wide-json.js');
    const emit = (event: unknown) => print(`${wideJson(event)}\n`);
    if (flags.stats) emit(stats(context(), id));
    else events(context(), id, { interval, pressure: flags.pressure, emit });
    return 0;
  },
});
