// systemd as pid 1 of a container, which divides the cgroup that it was given.

import { expect } from '@jest/globals';
import type { Mount } from '../../../src/spec/types.js';
import type { BundleConfig } from '../../rig/bundle.js';
import { type Guest, inGuest } from '../containers.js';

/** As podman's `--systemd always`: what systemd wants of a container (its CONTAINER_INTERFACE.md). */
const TMPFS: Mount[] = ['/run', '/run/lock', '/tmp', '/var/log/journal'].map((destination) => ({
  destination,
  type: 'tmpfs',
  source: 'tmpfs',
  options: ['nosuid', 'nodev', destination === '/tmp' ? 'mode=1777' : 'mode=755', 'size=20m'],
}));

const CAPABILITIES = [
  ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_SETGID'],
  ...['CAP_SETUID', 'CAP_SETPCAP', 'CAP_SYS_CHROOT', 'CAP_SETFCAP', 'CAP_NET_BIND_SERVICE'],
];

/** A bundle whose root is the guest's own, with a unit that shows that systemd came so far. */
function machine(guest: Guest, ranges: boolean): Promise<string> {
  return guest.bundle('', (config) => {
    Object.assign(config.process, {
      args: ['/usr/lib/systemd/systemd', '--unit=basic.target'],
      env: ['container=sampan', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
      noNewPrivileges: false,
    });
    for (const set of ['bounding', 'effective', 'permitted'] as const) {
      Object.assign(config.process.capabilities ?? {}, { [set]: CAPABILITIES });
    }
    config.root = { path: '/', readonly: true };
    config.mounts.push(...TMPFS);
    for (const mount of config.mounts) {
      if (mount.destination !== '/sys/fs/cgroup') continue;
      Object.assign(mount, { options: ['nosuid', 'noexec', 'nodev'] });
    }
    if (ranges) useRanges(guest, config.linux);
    else config.linux.resources = { memory: { limit: 2 ** 28 }, pids: { limit: 500 } };
  });
}

/** Root and the first 65535 others: of the subordinate ids, and the user itself where it is one. */
function useRanges({ who }: Guest, linux: BundleConfig['linux']): void {
  const map =
    who === 'root'
      ? [{ containerID: 0, hostID: 200_000, size: 65_536 }]
      : [
          { containerID: 0, hostID: 1000, size: 1 },
          { containerID: 1, hostID: 100_000, size: 65_535 },
        ];
  linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'user');
  linux.namespaces.push({ type: 'user' });
  Object.assign(linux, { uidMappings: map, gidMappings: map });
}

inGuest('systemd in a container', 'quick', ['root', 'user'], (promise) => {
  promise(
    'with ids of its own starts, divides its cgroup, and ends when it is told',
    async (guest) => {
      await boots(guest, await machine(guest, true));
    },
  );
});

inGuest('systemd in a container', 'quick', ['root'], (promise) => {
  promise('with the ids of the host too, and with limits', async (guest) => {
    const output = await boots(guest, await machine(guest, false));
    // What its own units can be limited by.
    expect(output).toMatch(/^memory pids$/m);
  });
});

async function boots(guest: Guest, bundle: string): Promise<string> {
  const id = guest.newId();
  const script = `
    sampan run -d -b ${bundle} ${id} </dev/null >/tmp/${id}.log 2>&1 || { cat /tmp/${id}.log; exit 1; }
    for i in $(seq 60); do
      state=$(sampan exec ${id} systemctl is-system-running 2>/dev/null)
      case $state in running|degraded) break ;; esac
      sleep 1
    done
    echo "$state"
    sampan exec ${id} systemctl list-units --no-legend --plain basic.target
    sampan exec ${id} cat /proc/1/cgroup /sys/fs/cgroup/cgroup.subtree_control
    sampan kill ${id} RTMIN+3
    for i in $(seq 60); do
      sampan state ${id} | grep -q stopped && break
      sleep 1
    done
    sampan state ${id} | grep -o '"status": *"[a-z]*"'
    sampan delete ${id}`;
  const output = await guest.output(script);
  expect(output).toMatch(
    /^(running|degraded)\nbasic\.target +loaded active active .*\n0::\/init\.scope$/m,
  );
  expect(output).toMatch(/"stopped"\n$/);
  return output;
}
