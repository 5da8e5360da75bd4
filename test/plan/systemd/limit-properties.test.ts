// Files of limits as properties of a unit.

import { expect, test } from '@jest/globals';
import { propertiesOf } from '../../../src/plan/systemd/limit-properties.js';

const INFINITY = 2n ** 64n - 1n;

test.each([
  ['memory.max', '4096', [['MemoryMax', 't', 4096]]],
  ['memory.max', 'max', [['MemoryMax', 't', INFINITY]]],
  ['memory.high', '80M', [['MemoryHigh', 't', 80 * 1024 * 1024]]],
  ['memory.max', '0', [['MemoryMax', 't', 1]]],
  ['pids.max', '0', [['TasksMax', 't', 1]]],
  [
    'cpu.max',
    '25250 50000',
    [
      ['CPUQuotaPerSecUSec', 't', 505_000],
      ['CPUQuotaPeriodUSec', 't', 50_000],
    ],
  ],
  [
    'cpu.max',
    '1 3',
    [
      ['CPUQuotaPerSecUSec', 't', 333_400],
      ['CPUQuotaPeriodUSec', 't', 3],
    ],
  ],
  ['cpu.max', '30000', [['CPUQuotaPerSecUSec', 't', 300_000]]],
  [
    'cpu.max',
    'max 50000',
    [
      ['CPUQuotaPerSecUSec', 't', INFINITY],
      ['CPUQuotaPeriodUSec', 't', 50_000],
    ],
  ],
  ['cpuset.cpus', '0-2,9', [['AllowedCPUs', 'ay', [7, 2]]]],
  ['cpu.idle', '1', [['CPUWeight', 't', 0]]],
  ['cpu.idle', '0', []],
  ['cpu.weight', '10001', []],
  ['io.max', '8:0 rbps=5', []],
  ['memory.high', 'lots', []],
  ['io.weight', '8:0 500', []],
])('%s=%s', (file, value, expected) => {
  const found = propertiesOf([{ file, value, pointer: '/x' }]);
  expect(found.map(({ name, signature, value }) => [name, signature, value])).toEqual(expected);
});

test('the last word on a property is that of the last write', () => {
  const writes = ['5', '7'].map((value) => ({ file: 'pids.max', value, pointer: '/x' }));
  expect(propertiesOf(writes)).toEqual([{ name: 'TasksMax', signature: 't', value: 7 }]);
});

test("the weight of BFQ's file is systemd's in its own range", () => {
  const otherwise = { file: 'io.weight', value: '4950' };
  const write = { file: 'io.bfq.weight', value: '500', pointer: '/x', otherwise };
  expect(propertiesOf([write])).toEqual([{ name: 'IOWeight', signature: 't', value: 4950 }]);
});
