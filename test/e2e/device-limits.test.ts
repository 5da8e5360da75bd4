// The list of devices that a container may use: linux.resources.devices, held by the kernel.

import { expect } from '@jest/globals';
import { cgroupLayout } from '../../src/host/cgroup-layout.js';
import type { DeviceRule } from '../../src/spec/types.js';
import type { Bundle } from '../rig/bundle.js';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot } from '../rig/identity.js';
import { detached, lines, printed } from '../rig/inside.js';
import type { Rig, RigOptions } from '../rig/rig.js';
import { asRoot, asUser, type Promises } from '../rig/ways.js';

const pure = amRoot && cgroup2Controllers() !== undefined;
const denyAll: DeviceRule = { allow: false, access: 'rwm' };

/** Numbers for local use that no driver has (the kernel's devices.txt): who may open it gets ENXIO. */
const own = { type: 'c', major: 241, minor: 11 } as const;

asRoot('the list of devices, where cgroup2 is all there is', (promise) => {
  declareAll(promise, pure, 'no cgroup2 that the tests may mount', { cgroup2: true });
});

asRoot('the list of devices, on the host as it is', (promise) => {
  declareAll(promise, cgroupLayout().mount !== undefined, 'no cgroup2 on this host', {});
});

/** A bundle that has the device in its image and may make others. */
async function bundleWith(rig: Rig, rules?: DeviceRule[]): Promise<Bundle> {
  const bundle = await rig.bundle();
  await rig.execute(['mknod', `${bundle.rootfs}/char`, 'c', '241', '11']);
  await rig.execute(['mknod', `${bundle.rootfs}/block`, 'b', '240', '77']);
  return bundle.edit(({ process, root, linux }) => {
    process.capabilities?.bounding?.push('CAP_MKNOD');
    process.capabilities?.effective?.push('CAP_MKNOD');
    process.capabilities?.permitted?.push('CAP_MKNOD');
    root.readonly = false;
    if (rules) linux.resources = { devices: rules };
    else delete linux.resources;
  });
}

/** Whether opening is allowed: `yes`, also where no driver answers, or the reason why not. */
const opens = (path: string, how = '<') =>
  `(: ${how} ${path}) 2>&1 | sed 's/.*: //; s/No such device or address/yes/' | grep . || echo yes`;

function declareAll(promise: Promises, possible: boolean, reason: string, options: RigOptions) {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(possible, reason)(name, body, options);

  declare('a node can be made, but not opened: of an image or of its own', async (rig) => {
    for (const rules of [[denyAll], [], undefined]) {
      const bundle = await bundleWith(rig, rules);
      const script = `mknod /mine c 241 11 && ${opens('/char')}; ${opens('/mine')}; ${opens('/block')}`;
      expect(await lines(rig, bundle, script)).toEqual(Array(3).fill('Operation not permitted'));
    }
  });

  declare('the default devices and terminals work all the same', async (rig) => {
    const bundle = await bundleWith(rig, [denyAll]);
    const names = ['null', 'zero', 'full', 'random', 'urandom', 'ptmx'];
    const script = names.map((name) => opens(`/dev/${name}`)).join('; ');
    expect(await lines(rig, bundle, script)).toEqual(names.map(() => 'yes'));
    bundle.edit(({ process }) => Object.assign(process, { terminal: true }));
    const line = ['run', '--bundle', bundle.path, rig.newId()];
    const terminal = await rig.terminal(line);
    await terminal.enter('');
    expect(await terminal.status()).toBe(0);
  });

  declare('one that is allowed can be opened, in the ways that are allowed', async (rig) => {
    const bundle = await bundleWith(rig, [denyAll, { allow: true, ...own, access: 'r' }]);
    const script = [opens('/char'), opens('/char', '>>'), opens('/char', '<>'), opens('/block')];
    expect(await lines(rig, bundle, script.join('; '))).toEqual([
      'yes',
      ...Array(3).fill('Operation not permitted'),
    ]);
  });

  declare('the last rule that speaks of an access counts', async (rig) => {
    const all: DeviceRule = { allow: true, type: 'c', major: 241, minor: -1, access: 'rw' };
    const not: DeviceRule = { allow: false, ...own, access: 'w' };
    const script = `${opens('/char')}; ${opens('/char', '>>')}`;
    const asked = async (...rules: DeviceRule[]) =>
      lines(rig, await bundleWith(rig, [denyAll, ...rules]), script);
    expect(await asked(all, not)).toEqual(['yes', 'Operation not permitted']);
    expect(await asked(not, all)).toEqual(['yes', 'yes']);
    expect(await asked(all, denyAll)).toEqual(Array(2).fill('Operation not permitted'));
  });

  declare('all devices can be allowed, and some of them not', async (rig) => {
    const all: DeviceRule = { allow: true, access: 'rwm' };
    const script = `${opens('/char')}; ${opens('/block')}; mknod /mine c 241 11 && echo made`;
    expect(await lines(rig, await bundleWith(rig, [denyAll, all]), script)).toEqual([
      ...['yes', 'yes', 'made'],
    ]);
    const but: DeviceRule = { allow: false, ...own, access: 'rwm' };
    const bundle = await bundleWith(rig, [all, but]);
    expect(await lines(rig, bundle, script)).toEqual([
      ...['Operation not permitted', 'yes', 'made'],
    ]);
  });

  declare('holds for processes of exec, and for what a container starts', async (rig) => {
    const bundle = await bundleWith(rig, [denyAll]);
    const { id, remove } = await detached(rig, bundle);
    const { stdout } = await rig.command(['exec', id, 'sh', '-c', `sh -c "${opens('/char')}"`]);
    expect(stdout).toBe('Operation not permitted\n');
    await remove();
  });

  declare('is that of the container, not of an earlier one in the same cgroup', async (rig) => {
    const allowed: DeviceRule = { allow: true, ...own, access: 'rw' };
    const path = `/${rig.token}-shared`;
    const first = await bundleWith(rig, [denyAll]);
    first.edit(({ linux }) => Object.assign(linux, { cgroupsPath: path }));
    const ended = await rig.command(['run', '--keep', '-b', first.path, 'ended']);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const next = await bundleWith(rig, [denyAll, allowed]);
    next.edit(({ linux }) => Object.assign(linux, { cgroupsPath: path }));
    expect(await printed(rig, next, opens('/char'))).toBe('yes\n');
    await rig.command(['delete', 'ended']);
  });

  declare('leaves no descriptor of the filter in the container', async (rig) => {
    const bundle = await bundleWith(rig, [denyAll]);
    expect(await printed(rig, bundle, 'ls -l /proc/1/fd')).not.toContain('bpf');
  });

  declare('a device that the list does not let be opened is warned of', async (rig) => {
    const bundle = await bundleWith(rig, [denyAll]);
    bundle.edit(({ linux }) => {
      linux.devices = [{ ...own, path: '/dev/own' }];
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(0);
    expect(stderr).toMatch(/\/dev\/own cannot be opened.*\/linux\/devices\/0/);
  });
}

asRoot('the list of devices, without a cgroup', (promise) => {
  promise('is not applied, and that is said where it says more than usual', async (rig) => {
    const given = (bundle: Bundle) => ['--cgroup-manager=disabled', 'run', '-b', bundle.path];
    const bundle = (await rig.bundle()).runs('echo runs');
    const usual = await rig.command([...given(bundle), rig.newId()]);
    expect(usual).toMatchObject({ stdout: 'runs\n', stderr: '' });
    bundle.edit(({ linux }) => {
      linux.resources = { devices: [denyAll, { allow: true, ...own, access: 'r' }] };
    });
    const { stdout, stderr } = await rig.command([...given(bundle), rig.newId()]);
    expect(stdout).toBe('runs\n');
    expect(stderr).toMatch(/limit not applied.*\/linux\/resources\/devices/);
    const strict = await rig.command([...given(bundle), '--strict', rig.newId()]);
    expect(strict).toMatchObject({ status: 1, stdout: '' });
    expect(strict.stderr).toMatch(/limit the cgroup: .*\/linux\/resources\/devices/);
  });
});

asUser('the list of devices', (promise) => {
  promise('is left aside: only the devices that are given are there', async (rig) => {
    const bundle = (await rig.bundle()).runs('echo runs');
    bundle.edit(({ linux }) => {
      linux.resources = { devices: [denyAll, { allow: true, type: 'c', major: 1, minor: 3 }] };
    });
    expect(await rig.run(bundle)).toMatchObject({ stdout: 'runs\n', stderr: '' });
  });
});
