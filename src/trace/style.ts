// What the terminal at stderr can show.

import type { Tracing } from '../native/addon.js';
import { onTerminal } from '../output.js';
import type { Style } from './view.js';

const STDERR = 2;
const COLUMNS = 80;

/** How to draw there; undefined where nobody would see it. */
export function styleOf(clock: Tracing, env: NodeJS.ProcessEnv = process.env): Style | undefined {
  if (!onTerminal(STDERR)) return undefined;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    columns: clock.columns(STDERR) || COLUMNS,
    // https://no-color.org
    color: !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    bar: /utf-?8/i.test(locale) ? '█' : '#',
  };
}
