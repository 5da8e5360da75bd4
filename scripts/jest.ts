// Runs jest as a stage.

import { type Outcome, stage } from './stage.js';

/** Of the callers the telling part; `npm run test:clients` runs it all. */
export function jest(name: string, args: readonly string[], env = {}): Outcome {
  const NODE_OPTIONS = '--experimental-vm-modules --no-warnings';
  const all = { NODE_OPTIONS, SAMPAN_CLIENTS: 'telling', ...env };
  return stage(name, 'node', ['node_modules/jest/bin/jest.js', ...args], all);
}
