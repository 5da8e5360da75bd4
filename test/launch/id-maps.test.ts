import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { writeIdMaps } from '../../src/launch/id-maps.js';
import type { RuntimeStep } from '../../src/plan/steps.js';
import { needs } from '../rig/needs.js';
import { fakeAddon } from './fake-addon.js';

type WriteIdMaps = Extract<RuntimeStep, { step: 'write-id-maps' }>;

const maps = (method: WriteIdMaps['method']): WriteIdMaps => ({
  step: 'write-id-maps',
  method,
  uid: [
    { containerId: 0, hostId: 1000, size: 1 },
    { containerId: 1, hostId: 100000, size: 65536 },
  ],
  gid: [{ containerId: 0, hostId: 1001, size: 1 }],
});

const installed = existsSync('/usr/bin/newuidmap') && existsSync('/usr/bin/newgidmap');

describe('id maps by helper', () => {
  const withHelpers = needs('unit', installed, 'newuidmap is not installed');

  withHelpers('run newuidmap and newgidmap by absolute path with one range after the other', () => {
    const addon = fakeAddon([]);
    writeIdMaps(5, maps('helper'), addon);
    expect(addon.calls).toEqual([
      'runHelper /usr/bin/newuidmap 0 1000 1 1 100000 65536',
      'runHelper /usr/bin/newgidmap 0 1001 1',
    ]);
  });

  withHelpers("a refusal is told in the helper's own words", () => {
    const addon = { runHelper: () => ({ status: 1, output: 'newuidmap: range not allowed\n' }) };
    expect(() => writeIdMaps(5, maps('helper'), addon)).toThrow(
      /newuidmap: newuidmap: range not allowed; .*\/etc\/subuid/,
    );
  });
});

test('a second map is refused by the kernel with the file named', () => {
  expect(() => writeIdMaps(process.pid, maps('direct'), fakeAddon([]))).toThrow(
    expect.objectContaining({ path: `/proc/${process.pid}/uid_map`, code: 'EPERM' }),
  );
});
