// The pseudo-terminal of the process (config.md#process, pty(7)).

import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Opens it where `process.terminal` asks for one. `bindConsole`: the slave becomes /dev/console. */
export function terminalSteps({ process }: Situation, bindConsole: boolean): InitStep[] {
  if (!process.terminal) return [];
  const { height = 0, width = 0 } = process.consoleSize ?? {};
  const { uid } = process.user;
  const size = { rows: height, columns: width };
  return [{ step: 'open-terminal', ...size, bindConsole, uid, pointer: '/process/terminal' }];
}
