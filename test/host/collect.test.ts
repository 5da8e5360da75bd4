import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { collectFacts, holds, isInitialMap } from '../../src/host/collect.js';

describe('facts', () => {
  test('are those of this process', () => {
    const facts = collectFacts();
    expect([facts.uid, facts.gid]).toEqual([process.geteuid?.(), process.getegid?.()]);
    const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
    expect(facts.lastCapability).toBe(last);
    const status = readFileSync('/proc/self/status', 'utf8');
    const held = BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(status)?.[1]}`);
    const sum = facts.missingCapabilities.reduce(
      (bits, number) => bits | (1n << BigInt(number)),
      held,
    );
    expect(sum).toBe((1n << BigInt(last + 1)) - 1n);
  });

  test('are plain values to who copies them', () => {
    const { cgroup, idMapHelpers, ...rest } = { ...collectFacts() };
    expect(typeof cgroup.layout).toBe('string');
    expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
    for (const path of Object.values(idMapHelpers)) expect(path).toMatch(/^\//);
  });

  test('are looked up once', () => {
    const facts = collectFacts();
    expect(facts.subordinateIds).toBe(facts.subordinateIds);
  });
});

test('only the whole map is the initial user namespace', () => {
  expect(isInitialMap('         0          0 4294967295\n')).toBe(true);
  expect(isInitialMap('         0       1000          1\n')).toBe(false);
  expect(isInitialMap('         0          0 4294967294\n')).toBe(false);
  expect(isInitialMap('         0          0 1\n         1 1 4294967294\n')).toBe(false);
});

test('a set holds capabilities only if it holds all of them', () => {
  expect(holds(0b1000_0011n, [0, 1, 7])).toBe(true);
  expect(holds(0b1000_0001n, [0, 1, 7])).toBe(false);
  expect(holds(1n << 40n, [40])).toBe(true);
});
