// Capabilities that are added on the command line.

import { expect, test } from '@jest/globals';
import { withCapabilities } from '../../src/plan/capabilities.js';
import type { Process } from '../../src/spec/types.js';

const process: Process = {
  cwd: '/',
  args: ['sh'],
  user: { uid: 0, gid: 0 },
  capabilities: {
    bounding: ['CAP_KILL'],
    effective: ['CAP_KILL'],
    permitted: ['CAP_KILL'],
    inheritable: ['CAP_CHOWN'],
  },
};

test('exec --cap never makes a capability inheritable (CVE-2022-29162)', () => {
  expect(withCapabilities(process, ['CAP_NET_RAW', 'CAP_KILL']).capabilities).toEqual({
    bounding: ['CAP_KILL', 'CAP_NET_RAW'],
    effective: ['CAP_KILL', 'CAP_NET_RAW'],
    permitted: ['CAP_KILL', 'CAP_NET_RAW'],
    inheritable: ['CAP_CHOWN'],
  });
});

test('a process without capabilities gets those asked for and no others', () => {
  const { capabilities: _, ...bare } = process;
  expect(withCapabilities(bare, ['CAP_NET_RAW']).capabilities).toEqual({
    bounding: ['CAP_NET_RAW'],
    effective: ['CAP_NET_RAW'],
    permitted: ['CAP_NET_RAW'],
  });
});
