// Capabilities that are added on the command line, and those that cannot be given.

import { expect, test } from '@jest/globals';
import { withCapabilities } from '../../src/plan/capabilities.js';
import { compile } from '../../src/plan/compile.js';
import type { Compiled } from '../../src/plan/finish.js';
import type { Process } from '../../src/spec/types.js';
import { fixtureConfig, hostFacts, plainOptions } from './cases.js';

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

test('what the caller lacks is a warning, and no matter in a new user namespace', () => {
  const config = fixtureConfig('plan/capabilities');
  const host = { ...hostFacts('root'), missingCapabilities: [0] };
  const asked = { ...config, process: { ...process, capabilities: { permitted: ['CAP_CHOWN'] } } };
  expect(permittedOf(compile(asked, host, plainOptions))).toEqual([0, true]);
  const map = [{ containerID: 0, hostID: 0, size: 65536 }];
  const linux = {
    ...config.linux,
    namespaces: [...(config.linux?.namespaces ?? []), { type: 'user' as const }],
    uidMappings: map,
    gidMappings: map,
  };
  expect(permittedOf(compile({ ...asked, linux }, host, plainOptions))).toEqual([1, false]);
});

/** The bit set that a plan permits, and whether it warns of one that it leaves out. */
function permittedOf(compiled: Compiled): [number | undefined, boolean] {
  if (!compiled.ok) throw new Error(compiled.failure.cause);
  const { steps, warnings } = compiled.plan;
  const step = steps.find((one) => one.step === 'set-capabilities');
  return [step?.permitted, warnings.some(({ message }) => message.includes('CAP_CHOWN'))];
}
