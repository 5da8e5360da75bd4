// process.capabilities: all five sets, exactly as written.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Capabilities } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { printed, remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, bothWays } from '../rig/ways.js';

/** Bit sets in hexadecimal of capabilities(7): CHOWN 0, KILL 5, SETUID 7, NET_RAW 13, SYS_ADMIN 21. */
const some: Capabilities = {
  bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETUID', 'CAP_NET_RAW', 'CAP_SYS_ADMIN'],
  permitted: ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETUID', 'CAP_NET_RAW'],
  effective: ['CAP_CHOWN', 'CAP_KILL'],
  inheritable: ['CAP_CHOWN', 'CAP_SETUID'],
  ambient: ['CAP_CHOWN'],
};

bothWays('capabilities', (promise) => {
  promise('absent or empty: none at all, also for root', async (rig) => {
    const bundle = await rig.bundle();
    const none = { CapInh: 0, CapPrm: 0, CapEff: 0, CapBnd: 0, CapAmb: 0 };
    bundle.edit(({ process }) => delete process.capabilities);
    expect(await setsIn(rig, bundle)).toEqual(none);
    bundle.edit(({ process }) => Object.assign(process, { capabilities: {} }));
    expect(await setsIn(rig, bundle)).toEqual(none);
  });

  promise('all five sets are exactly as written before the program runs', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { capabilities: some }));
    const { id } = await rig.create(bundle);
    const { pid } = await rig.state(id);
    expect(parse(readFileSync(`/proc/${pid}/status`, 'utf8'))).toEqual({
      CapInh: bits(0, 7),
      CapPrm: bits(0, 5, 7, 13),
      CapEff: bits(0, 5),
      CapBnd: bits(0, 5, 7, 13, 21),
      CapAmb: bits(0),
    });
    await remove(rig, id);
  });

  promise('root gets at execve(2) what its bounding set allows', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { capabilities: some }));
    // no_new_privs, which the default configuration sets, keeps the permitted set from growing.
    expect(await setsIn(rig, bundle)).toMatchObject({ CapEff: bits(0, 5, 7, 13) });
    bundle.edit(({ process }) => Object.assign(process, { noNewPrivileges: false }));
    expect(await setsIn(rig, bundle)).toMatchObject({ CapEff: bits(0, 5, 7, 13, 21) });
  });

  promise('inheritable is empty unless it is written', async (rig) => {
    const bundle = await rig.bundle();
    const { inheritable: _, ...others } = some;
    bundle.edit(({ process }) => Object.assign(process, { capabilities: others }));
    const { status, stdout, stderr } = await rig.run(bundle.runs('grep Cap /proc/self/status'));
    expect(status).toBe(0);
    expect(parse(stdout)).toMatchObject({ CapInh: 0, CapAmb: 0, CapBnd: bits(0, 5, 7, 13, 21) });
    expect(stderr).toContain('/process/capabilities/ambient');
  });

  promise(
    'an ambient set as buildah writes it is told in a log, not to who builds',
    async (rig) => {
      const bundle = await rig.bundle();
      const all = ['CHOWN', 'FOWNER', 'KILL', 'SETUID', 'SETGID'].map((name) => `CAP_${name}`);
      const lists = { bounding: all, permitted: all, effective: all, ambient: all };
      bundle.runs('true').edit(({ process }) => Object.assign(process, { capabilities: lists }));
      expect(await rig.run(bundle)).toMatchObject({ status: 0, stderr: '' });
      const log = join(rig.directory('log'), 'log');
      const line = ['--log', log, 'run', '--bundle', bundle.path, rig.newId()];
      expect(await rig.command(line)).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(log, 'utf8')).toMatch(/level=warning .*none of them granted.*\/ambient/);
    },
  );

  promise('every one that the caller has can be given, others are warned of', async (rig) => {
    const bundle = await rig.bundle();
    const { stdout: features } = await rig.command(['features']);
    const all: string[] = JSON.parse(features).linux.capabilities;
    const lists = { bounding: all, permitted: all, effective: all, inheritable: all, ambient: all };
    bundle.edit(({ process }) => Object.assign(process, { capabilities: lists }));
    const { status, stdout, stderr } = await rig.run(bundle.runs('grep Cap /proc/self/status'));
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const whole = 2 ** all.length - 1;
    const held = rig.identity.uid === 0 ? own().CapEff : whole;
    expect(new Set(Object.values(parse(stdout)))).toEqual(new Set([held]));
    expect(/not granted/.test(stderr)).toBe(held !== whole);
  });

  promise('they act: without CAP_CHOWN root cannot give a file away', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.capabilities = { bounding: [], permitted: [], effective: [] };
    });
    expect((await rig.run(bundle.runs('touch /dev/shm/f; chown 1 /dev/shm/f'))).status).toBe(1);
  });
});

asRoot('capabilities of an ordinary user in the container', (promise) => {
  promise('only the ambient ones outlive execve(2)', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.user = { uid: 1000, gid: 1000 };
      process.capabilities = some;
    });
    expect(await setsIn(rig, bundle)).toEqual({
      CapInh: bits(0, 7),
      CapPrm: bits(0),
      CapEff: bits(0),
      CapBnd: bits(0, 5, 7, 13, 21),
      CapAmb: bits(0),
    });
  });

  promise('without ambient ones there are none', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.user = { uid: 1000, gid: 1000 };
      process.capabilities = { ...some, ambient: [] };
    });
    expect(await setsIn(rig, bundle)).toMatchObject({ CapPrm: 0, CapEff: 0, CapAmb: 0 });
  });

  promise('in a user namespace of ranges too', async (rig) => {
    const bundle = await rig.bundle();
    const map = [{ containerID: 0, hostID: 0, size: 65536 }];
    bundle.edit(({ process, linux }) => {
      process.user = { uid: 1000, gid: 1000 };
      process.capabilities = some;
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: map, gidMappings: map });
    });
    expect(await setsIn(rig, bundle)).toMatchObject({ CapEff: bits(0), CapAmb: bits(0) });
  });
});

/** The sets of the tests themselves. */
function own(): Record<string, number> {
  return parse(readFileSync('/proc/self/status', 'utf8'));
}

function bits(...numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + 2 ** number, 0);
}

async function setsIn(rig: Rig, bundle: Bundle): Promise<Record<string, number>> {
  return parse(await printed(rig, bundle, 'grep Cap /proc/self/status'));
}

function parse(status: string): Record<string, number> {
  const found = [...status.matchAll(/^(Cap\w+):\s+([0-9a-f]+)$/gm)];
  return Object.fromEntries(found.map(([, name, set]) => [name, Number.parseInt(set ?? '', 16)]));
}
