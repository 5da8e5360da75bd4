// A container names cgroups below its own as it likes: the kernel takes every byte but NUL, newline
// and slash, and writes them into /proc/PID/cgroup as they are.

import { expect } from '@jest/globals';
import { cgroup2Controllers } from '../../rig/cgroup2.js';
import { divided, divider } from '../../rig/divider.js';
import { amRoot } from '../../rig/identity.js';
import { detached } from '../../rig/inside.js';
import { onlyLine } from '../../rig/refusal.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { asRoot, asUser, type Promises } from '../../rig/ways.js';

const controllers = cgroup2Controllers() ?? [];
const has = amRoot && controllers.length > 0;
const lacking = 'no cgroup2 with a controller that the tests may mount';

/** Names for printf(1), each with one that it may be taken for. */
const NAMES = [
  { name: '\\377', decoy: '\\303\\277' },
  // Half of a surrogate pair, and U+FFFD.
  { name: '\\355\\240\\200', decoy: '\\357\\277\\275' },
  { name: 'a\\b\\r\\033[2J', decoy: 'a' },
  { name: 'd (deleted)', decoy: 'd' },
];

/** 500 cgroups one in the other, of a name that is no text: a path of 5 000 letters. */
const nest = `nest . "$(printf '\\377\\355\\240\\200 56789')" 500`;

/** In each of them, and in the innermost of a nest, a process. */
const everywhere = `cd /sys/fs/cgroup
enter() { mkdir "$1" && sh -c 'echo 0 >"$1/cgroup.procs" && exec sleep 1000' sh "$1" & }
${NAMES.map(({ name }) => `enter "$(printf '${name}')"`).join('\n')}
${nest} sleep 1000 &`;
const PROCESSES = NAMES.length + 1;

/** Ends when all of them are outside the container's own cgroup, which it is alone in then. */
const settled = 'until test "$(grep -c . cgroup.procs)" -le 2; do usleep 1000; done';

/** A container with them, and how many processes `ps` lists of it. */
async function occupied(rig: Rig) {
  const bundle = await divider(rig);
  const container = await detached(rig, bundle, `${everywhere}\nexec sleep 1000`);
  const count = async () => {
    const { stdout } = await rig.command(['ps', '--format', 'json', container.id]);
    return JSON.parse(stdout).length as number;
  };
  return { ...container, count };
}

function promises(promise: Promises, options: { cgroup2?: boolean; delegated?: boolean }): void {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(has, lacking)(name, body, options);

  declare('is removed when it has ended', async (rig) => {
    const bundle = await divider(rig);
    const ran = await rig.run(bundle.runs(`${everywhere}\n${settled}; exit 3`));
    expect(ran).toMatchObject({ status: 3, stderr: '' });
  });

  declare('is listed', async (rig) => {
    const { count, remove } = await occupied(rig);
    expect(await until(async () => (await count()) === 1 + PROCESSES, 5000)).toBe(true);
    await remove();
  });

  declare('is signalled', async (rig) => {
    const { id, count, remove } = await occupied(rig);
    expect(await until(async () => (await count()) === 1 + PROCESSES, 5000)).toBe(true);
    const killed = await rig.command(['kill', '--all', id, 'TERM']);
    expect(killed).toMatchObject({ status: 0, stderr: '' });
    // The first process of a pid namespace does not get what it has not asked for.
    expect(await until(async () => (await count()) === 1, 5000)).toBe(true);
    await remove();
  });

  declare('is killed, and deleted', async (rig) => {
    const { id, count } = await occupied(rig);
    await until(async () => (await count()) === 1 + PROCESSES, 5000);
    const killed = await rig.command(['kill', '--all', id, 'KILL']);
    expect(killed).toMatchObject({ status: 0, stderr: '' });
    expect(await until(async () => (await rig.state(id)).status === 'stopped', 5000)).toBe(true);
    expect(await rig.command(['delete', id])).toMatchObject({ status: 0, stderr: '' });
  });

  declare('is deleted by force', async (rig) => {
    const { id, count } = await occupied(rig);
    await until(async () => (await count()) === 1 + PROCESSES, 5000);
    const ran = await rig.command(['delete', '--force', id]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });
}

const title = 'a container with cgroups whose names are no text, and processes in them';
asRoot(title, (promise) => promises(promise, { cgroup2: true }));
asUser(title, (promise) => promises(promise, { delegated: true }));

/** Of files that are not there where a controller is missing. */
const FILES = 'memory.current memory.stat memory.events pids.current hugetlb.1TB.current';

function fileNamePromises(
  promise: Promises,
  options: { cgroup2?: boolean; delegated?: boolean },
): void {
  promise.needs(has, lacking)(
    'is measured and deleted',
    async (rig) => {
      const script = `cd /sys/fs/cgroup; mkdir ${FILES} 2>/dev/null; touch /dev/shm/done`;
      const { id, remove } = await divided(rig, `${script}; exec sleep 1000`);
      const { status, stdout, stderr } = await rig.command(['events', '--stats', id]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ type: 'stats', id });
      await remove();
    },
    options,
  );
}

const ofFiles = 'a container with cgroups that have the names of files';
asRoot(ofFiles, (promise) => fileNamePromises(promise, { cgroup2: true }));
asUser(ofFiles, (promise) => fileNamePromises(promise, { delegated: true }));

/** What the first process says when it has moved: from then on its cgroup takes no processes. */
const divide = `cd /sys/fs/cgroup && c=$(cat cgroup.controllers) &&
  echo +\${c##* } >cgroup.subtree_control && touch /dev/shm/done && exec sleep 1000`;

/** A container whose first process has done so. */
async function moved(rig: Rig, script: string) {
  const container = await divided(rig, `cd /sys/fs/cgroup && ${script}`);
  return {
    ...container,
    exec: (script: string) => rig.command(['exec', container.id, 'sh', '-c', script]),
  };
}

/** Whether both are in one cgroup of version 2, by what follows 0:: to the end, which is not the top. */
const beside = `own() { sed -n '/^0::/,$p' "/proc/$1/cgroup"; }
test "$(own self)" = "$(own 1)" && ! own self | grep -qx '0::/'`;

// An ordinary user's cgroup is handed no controllers here, and only one that hands some on is divided.
asRoot('the cgroup that the first process of a container has moved to', (promise) => {
  const declare = (name: string, body: (rig: Rig) => Promise<void>) =>
    promise.needs(has, lacking)(name, body, { cgroup2: true });

  for (const { name, decoy } of NAMES) {
    declare(`is entered by exec when its name is ${name}, not ${decoy}`, async (rig) => {
      const move = `n="$(printf '${name}')" && mkdir "$(printf '${decoy}')" "$n" &&
        echo 0 >"$n/cgroup.procs" && ${divide}`;
      const { exec, remove } = await moved(rig, move);
      expect(await exec(beside)).toMatchObject({ status: 0, stderr: '' });
      await remove();
    });
  }

  declare('is entered by exec when its path is longer than the kernel tells', async (rig) => {
    const { exec, remove } = await moved(rig, `exec ${nest} sh -c '${divide}'`);
    expect(await exec('test -e /dev/shm/done')).toMatchObject({ status: 0, stderr: '' });
    await remove();
  });

  declare('is not replaced by another when it is none of the container', async (rig) => {
    const { id, pid, exec, remove } = await moved(
      rig,
      `mkdir below && echo 0 >below/cgroup.procs && ${divide}`,
    );
    await rig.execute(['sh', '-c', `echo ${pid} >/sys/fs/cgroup/cgroup.procs`]);
    const refused = await exec('true');
    expect(onlyLine(refused)).toBe(
      `exec: /sys/fs/cgroup/sampan-${id}: this cgroup is divided and takes no processes, and none ` +
        'below it has the first process; name one below it: exec --cgroup PATH',
    );
    const ran = await rig.command(['exec', '--cgroup', 'below', id, 'true']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    await remove();
  });
});
