// podman with limits, as root and without: cgroups made by the runtime, and by systemd.

import { expect } from '@jest/globals';
import { type Caller, comparedInGuest } from '../callers.js';
import type { Guest } from '../containers.js';
import { limitPromises } from '../limited.js';

const cleanUp = `
  podman pod rm --all --force --time 0; podman rm --all --force --time 0`;

/** The first commands leave a process, and directories, for all others. */
async function prepare(guest: Guest): Promise<void> {
  await guest.output(`${PARENTS}\n test -e ${BOX} || cp -R /vm/box ${BOX}`);
  for (const runtime of ['crun', 'sampan']) {
    const words = podman('systemd').words(runtime);
    await guest.output(`${words} run --rm --network none --rootfs ${BOX} true`, 240_000);
  }
}

/**
 * podman's own, which it leaves; and one that is handed to `user` for good, since that of a script
 * goes with it.
 */
const PARENTS = `
  test $(id -u) != 0 || mkdir -p /sys/fs/cgroup/libpod_parent/conmon
  test $(id -u) = 0 || systemctl --user --quiet is-active parent ||
  systemd-run --user --quiet --unit parent -p Delegate=yes -p DelegateSubgroup=held sleep infinity`;
/** Of the user: podman makes files in it. */
const BOX = '$HOME/box';
const parent = '/user.slice/user-1000.slice/user@1000.service/app.slice/parent.service';

/** Where a user logs in. What is left in a service, as conmon is here, ends with the script. */
const SESSION = '$(test $(id -u) = 0 || echo systemd-run --user --scope --quiet)';

function podman(manager: string): Caller {
  const place = manager === 'cgroupfs' ? SESSION : '';
  // In a service podman leaves conmon in its cgroup with any manager.
  const words = (runtime: string) =>
    `${place} env -u INVOCATION_ID podman --cgroup-manager ${manager} --runtime ${runtime}`;
  return { name: 'podman', peer: 'crun', words, prepare, cleanUp };
}

for (const manager of ['systemd', 'cgroupfs']) {
  for (const who of ['root', 'user'] as const) {
    comparedInGuest(podman(manager), `limits, by ${manager}`, [who], (promise) => {
      const isHandedOver = who === 'user' && manager === 'cgroupfs';
      const place = isHandedOver ? `--cgroup-parent ${parent}` : '';
      limitPromises(promise, { box: `--network none ${place} --rootfs ${BOX}`, of64M: '67.11MB' });
    });
  }
}

comparedInGuest(podman('systemd'), 'in a unit of systemd', ['root', 'user'], (promise) => {
  promise('--cgroups=split stays below the unit, and has limits of its own', async (podman) => {
    const manager = podman.guest.who === 'root' ? '' : '--user';
    const unit = `systemd-run ${manager} --quiet --pipe --wait --collect -p Delegate=yes -E "PATH=$PATH"`;
    const run = async (flags: string, path: string) => {
      const line = `run --rm --cgroups split ${flags} --network none --rootfs ${BOX} cat ${path}`;
      const { status, stdout, stderr } = await podman.run(line, unnumbered, unit);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout;
    };
    expect(await run('--memory 32m', '/sys/fs/cgroup/memory.max')).toBe('33554432\n');
    const place = await run('--cgroupns host', '/proc/self/cgroup');
    expect(place).toMatch(/\/run-[^/]*\.service\/libpod-payload-\w+(?:\/container)?\n$/);
  });
});

/** crun makes a cgroup below the one that it was told. */
function unnumbered(text: string): string {
  const plain = text.replace(/run-[\w-]+/g, 'run').replace(/[0-9a-f]{64}/g, 'ID');
  return plain.replace(/\/container$/m, '');
}
