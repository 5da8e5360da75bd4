// Docker with limits, as root and without: cgroups made by the runtime, and by systemd.

import { type Caller, comparedInGuest } from '../callers.js';
import type { Guest } from '../containers.js';
import { limitPromises } from '../limited.js';

const image = 'localhost/box:latest';
const box = `--network none ${image}`;

/** A daemon in a unit of its own; it knows both runtimes. */
interface Daemon {
  readonly name: string;
  readonly driver: 'systemd' | 'cgroupfs';
  /** Where its files, and its socket, are. */
  readonly data: string;
  readonly state: string;
  /** What makes a unit of its command line, and tells of units. */
  readonly manager: '' | '--user';
  /** Words before dockerd, and more of its own. */
  readonly before?: string;
  readonly flags?: string;
}

const ofRoot = (driver: 'systemd' | 'cgroupfs'): Daemon => {
  const [data, state] = [`/var/lib/docker-${driver}`, `/run/docker-${driver}`];
  return { name: 'Docker', driver, data, state, manager: '' };
};

const ofUser: Daemon = {
  name: 'Docker, rootless',
  driver: 'systemd',
  data: '/home/user/docker',
  state: '/run/user/1000/docker',
  manager: '--user',
  before:
    'rootlesskit --state-dir=/run/user/1000/kit --net=host --propagation=rslave --copy-up=/etc --copy-up=/run',
  flags: '--rootless',
};

function docker({ state }: Daemon): string {
  return `docker --host unix://${state}.sock`;
}

async function start(guest: Guest, daemon: Daemon): Promise<void> {
  const { driver, data, state, manager, before = '', flags = '' } = daemon;
  const client = docker(daemon);
  const all = [
    `--data-root ${data} --exec-root ${state} --pidfile ${state}.pid --host unix://${state}.sock`,
    `--exec-opt native.cgroupdriver=${driver} --storage-driver overlay2`,
    '--add-runtime sampan=/usr/local/bin/sampan',
    '--bridge none --iptables=false --ip6tables=false --ip-forward=false',
  ];
  await guest.output(
    `systemctl ${manager} stop 'dockerd-*'
    systemd-run ${manager} --quiet --unit dockerd-${driver} -p Delegate=yes -E "PATH=$PATH" \\
      -p StandardOutput=append:${data}.log -p StandardError=append:${data}.log ${before} dockerd ${flags} ${all.join(' ')}
    until ${client} version >/dev/null 2>&1; do
      systemctl ${manager} is-active dockerd-${driver} >/dev/null ||
        { tail -n 20 ${data}.log >&2; exit 1; }
      sleep 1
    done
    ${client} load --input /vm/image.tar &&
    for runtime in runc sampan; do
      ${client} run --rm --runtime $runtime ${box} true || exit
    done`,
    240_000,
  );
}

function caller(daemon: Daemon): Caller {
  const client = docker(daemon);
  return {
    name: daemon.name,
    peer: 'runc',
    words: (runtime) => `runtime=${runtime}; ${client}`,
    prepare: (guest) => start(guest, daemon),
    cleanUp: `${client} ps --all --quiet | xargs --no-run-if-empty ${client} rm --force --volumes`,
  };
}

for (const daemon of [ofRoot('systemd'), ofRoot('cgroupfs'), ofUser]) {
  const who = daemon.manager === '' ? 'root' : 'user';
  comparedInGuest(caller(daemon), `limits, by ${daemon.driver}`, [who], (promise) => {
    limitPromises(promise, { box: `--runtime $runtime ${box}`, of64M: '64MiB' });
  });
}
