// Capabilities that are added on the command line, and those that cannot be given.

import { expect, test } from '@jest/globals';
import type { ExecOptions } from '../../src/container/exec.js';
import { execProcess } from '../../src/container/exec-process.js';
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

/** The sets of `exec --cap …` in a container with `process`. */
async function withCaps(process: Process, caps: string[]) {
  const rest = { id: 'web', tty: false, detach: false, preserveFds: 0, noNewKeyring: false };
  const options = { ...rest, ignorePaused: false, caps } as ExecOptions;
  return (await execProcess(process, options)).capabilities;
}

test('exec --cap never makes a capability inheritable (CVE-2022-29162)', async () => {
  expect(await withCaps(process, ['CAP_NET_RAW', 'kill'])).toEqual({
    bounding: ['CAP_KILL', 'CAP_NET_RAW'],
    effective: ['CAP_KILL', 'CAP_NET_RAW'],
    permitted: ['CAP_KILL', 'CAP_NET_RAW'],
    inheritable: ['CAP_CHOWN'],
  });
});

test('a process without capabilities gets those asked for and no others', async () => {
  const { capabilities: _, ...bare } = process;
  expect(await withCaps(bare, ['CAP_NET_RAW'])).toEqual({
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

test('a whole ambient set that cannot be given, as buildah has it at every RUN, is one short, usual warning', () => {
  const config = fixtureConfig('plan/capabilities');
  const all = ['CAP_CHOWN', 'CAP_FOWNER', 'CAP_KILL', 'CAP_SETUID', 'CAP_SETGID'];
  const warned = (ambient: string[], inheritable: string[]) => {
    const capabilities = { permitted: all, inheritable, ambient };
    const asked = { ...config, process: { ...process, capabilities } };
    const compiled = compile(asked, hostFacts('root'), plainOptions);
    const warnings = compiled.ok ? compiled.plan.warnings : [];
    return warnings.map(({ message, usual = false }) => (usual ? `usual: ${message}` : message));
  };
  const reason = 'not granted: not in both the permitted and the inheritable set';
  expect(warned(all, [])).toEqual([
    `usual: ${reason.replace('not granted', 'none of them granted')}`,
  ]);
  expect(warned(all, all.slice(1))).toEqual([`CAP_CHOWN ${reason}`]);
  expect(warned(all.slice(0, 2), [])).toEqual([`CAP_CHOWN, CAP_FOWNER ${reason}`]);
});

/** The bit set that a plan permits, and whether it warns of one that it leaves out. */
function permittedOf(compiled: Compiled): [number | undefined, boolean] {
  if (!compiled.ok) throw new Error(compiled.failure.cause);
  const { steps, warnings } = compiled.plan;
  const step = steps.find((one) => one.step === 'set-capabilities');
  return [step?.permitted, warnings.some(({ message }) => message.includes('CAP_CHOWN'))];
}
