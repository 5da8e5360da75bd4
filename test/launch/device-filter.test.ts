// The program that the kernel asks holds exactly what the list of devices says.

import { describe, expect, test } from '@jest/globals';
import { deviceFilter } from '../../src/launch/device-filter.js';
import { type DeviceNumber, effectiveRules, mayAccess } from '../../src/plan/device-rules.js';
import type { DeviceRule } from '../../src/spec/types.js';
import { runFilter } from './device-interpreter.js';

const KINDS = { m: 1, r: 2, w: 4 };
const ACCESSES = ['m', 'r', 'w', 'rw', 'rm', 'wm', 'rwm'];

function asks(program: Uint8Array, { type, major, minor }: DeviceNumber, access: string): boolean {
  const bits = [...access].reduce((sum, kind) => sum | KINDS[kind as 'm'], 0);
  const answer = runFilter(program, { access: bits, type: type === 'b' ? 1 : 2, major, minor });
  if (answer !== 0 && answer !== 1) throw new Error(`the program returned ${answer}`);
  return answer === 1;
}

/** The same numbers each time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function randomRule(pick: (below: number) => number): DeviceRule {
  const number = () => [undefined, -1, 0, 1, 5, 8, 136, 4095][pick(8)];
  return {
    allow: pick(2) === 0,
    type: [undefined, 'a', 'b', 'c'][pick(4)],
    major: number(),
    minor: pick(12) === 0 ? 1048575 : number(),
    access: pick(9) === 0 ? undefined : ACCESSES[pick(7)],
  };
}

function randomDevice(pick: (below: number) => number): DeviceNumber {
  const number = () => [0, 1, 3, 5, 8, 136, 4095][pick(7)] ?? 0;
  return { type: pick(2) === 0 ? 'b' : 'c', major: number(), minor: number() };
}

describe('a device filter', () => {
  test('of more rules than the kernel takes is refused', () => {
    const rule = { allow: true, type: 'c', access: 'r' };
    const rules = Array.from({ length: 2800 }, (_, minor) => ({
      ...rule,
      major: minor % 2,
      minor,
    }));
    expect(() => deviceFilter(effectiveRules(rules))).toThrow('list fewer devices');
    const program = deviceFilter(effectiveRules(rules.slice(0, 2600)));
    expect(asks(program, { type: 'c', major: 1, minor: 2599 }, 'r')).toBe(true);
    expect(asks(program, { type: 'c', major: 0, minor: 2599 }, 'r')).toBe(false);
  });

  test('answers as the rules do, for any list, device and access', () => {
    const pick = random(20261121);
    let allowed = 0;
    let asked = 0;
    for (let round = 0; round < 2000; round += 1) {
      const rules = effectiveRules(Array.from({ length: pick(9) }, () => randomRule(pick)));
      const program = deviceFilter(rules);
      for (let i = 0; i < 20; i += 1) {
        const device = randomDevice(pick);
        const access = ACCESSES[pick(7)] ?? 'r';
        const expected = mayAccess(rules, device, access);
        if (asks(program, device, access) !== expected) {
          throw new Error(`${JSON.stringify({ rules, device, access })}: not ${expected}`);
        }
        asked += 1;
        allowed += expected ? 1 : 0;
      }
    }
    // Both answers are frequent, or the lists were not worth asking.
    expect(allowed / asked).toBeGreaterThan(0.2);
    expect(allowed / asked).toBeLessThan(0.8);
  });

  test('for the usual list is a handful of instructions', () => {
    const program = deviceFilter(effectiveRules());
    expect(program.length / 8).toBe(33);
    expect(asks(program, { type: 'c', major: 136, minor: 7 }, 'rw')).toBe(true);
    expect(asks(program, { type: 'b', major: 136, minor: 7 }, 'rw')).toBe(false);
    expect(asks(program, { type: 'b', major: 8, minor: 0 }, 'm')).toBe(true);
    expect(asks(program, { type: 'b', major: 8, minor: 0 }, 'rm')).toBe(false);
  });
});
