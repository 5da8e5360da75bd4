// What the kernel shows and gives to every program of the container: execution domain and memory
// (config-linux.md#personality, config-linux.md#memory-policy).

import { HIGHEST_NODE, parseNumberList } from '../spec/number-list.js';
import { MEMORY_FLAGS, MEMORY_MODES, PERSONAS } from '../spec/numbers.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** Both are inherited, so `exec` sets them as well. */
export function executionSteps(situation: Situation): InitStep[] {
  return [...personality(situation), ...memoryPolicy(situation)];
}

function personality({ linux }: Situation): InitStep[] {
  if (linux.personality === undefined) return [];
  const persona = PERSONAS[linux.personality.domain];
  return [{ step: 'set-personality', persona, pointer: '/linux/personality' }];
}

function memoryPolicy({ linux }: Situation): InitStep[] {
  if (linux.memoryPolicy === undefined) return [];
  const { mode: name, flags = [], nodes: text = '' } = linux.memoryPolicy;
  const list = parseNumberList(text, HIGHEST_NODE);
  const nodes = typeof list === 'string' ? [] : list;
  let mode: number = MEMORY_MODES[name];
  for (const flag of flags) mode |= MEMORY_FLAGS[flag];
  return [{ step: 'set-memory-policy', mode, nodes, pointer: '/linux/memoryPolicy' }];
}
