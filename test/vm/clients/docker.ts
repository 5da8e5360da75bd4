// Docker with limits: cgroups made by the runtime, and by systemd.

import { type Caller, comparedInGuest } from '../callers.js';
import type { Guest } from '../containers.js';
import { limitPromises } from '../limited.js';

const image = 'localhost/box:latest';
const box = `--network none ${image}`;

type Driver = 'systemd' | 'cgroupfs';

function docker(driver: Driver): string {
  return `docker --host unix:///run/docker-${driver}.sock`;
}

/** A daemon in a unit of its own; it knows both runtimes. */
async function start(guest: Guest, driver: Driver): Promise<void> {
  const client = docker(driver);
  const [data, state] = [`/var/lib/docker-${driver}`, `/run/docker-${driver}`];
  const flags = [
    `--data-root ${data} --exec-root ${state} --pidfile ${state}.pid --host unix://${state}.sock`,
    `--exec-opt native.cgroupdriver=${driver} --storage-driver overlay2`,
    '--add-runtime sampan=/usr/local/bin/sampan',
    '--bridge none --iptables=false --ip6tables=false --ip-forward=false',
  ];
  await guest.asRoot(
    `systemctl stop 'dockerd-*'
    systemd-run --quiet --unit dockerd-${driver} -p Delegate=yes -E "PATH=$PATH" \\
      -p StandardError=append:${data}.log dockerd ${flags.join(' ')}
    until ${client} version >/dev/null 2>&1; do
      systemctl is-active dockerd-${driver} >/dev/null || { tail -n 20 ${data}.log >&2; exit 1; }
      sleep 1
    done
    ${client} load --input /vm/image.tar &&
    for runtime in runc sampan; do
      ${client} run --rm --runtime $runtime ${box} true || exit
    done`,
    240_000,
  );
}

function caller(driver: Driver): Caller {
  const client = docker(driver);
  return {
    name: 'Docker',
    peer: 'runc',
    words: (runtime) => `runtime=${runtime}; ${client}`,
    prepare: (guest) => start(guest, driver),
    cleanUp: `${client} ps --all --quiet | xargs --no-run-if-empty ${client} rm --force --volumes`,
  };
}

for (const driver of ['systemd', 'cgroupfs'] as const) {
  comparedInGuest(caller(driver), `limits, by ${driver}`, ['root'], (promise) => {
    limitPromises(promise, { box: `--runtime $runtime ${box}`, of64M: '64MiB' });
  });
}
