// containerd with limits: cgroups made by the runtime, and by systemd.

import { expect } from '@jest/globals';
import { containerdConfig } from '../../clients/containerd-config.js';
import { type Caller, comparedInGuest, type Session } from '../callers.js';
import type { Guest } from '../containers.js';

const image = 'localhost/box:latest';
const ctr = 'ctr --address /run/ctd/socket --namespace box';
const cgroups = {
  systemd: '--runc-systemd-cgroup --cgroup system.slice:ctr:stays',
  cgroupfs: '--cgroup /ctr/stays',
};
const limits = '--memory-limit 67108864 --cpu-quota 50000 --cpu-period 100000';

const containerd: Caller = {
  name: 'containerd',
  peer: 'runc',
  words: (runtime) => `runtime=$(command -v ${runtime}); ${ctr}`,
  prepare,
  cleanUp: `
    for id in $(${ctr} tasks ls -q); do ${ctr} tasks rm --force $id; done
    for id in $(${ctr} containers ls -q); do ${ctr} containers rm $id; done`,
};

async function prepare(guest: Guest): Promise<void> {
  const config = containerdConfig('/var/lib/ctd', '/run/ctd', '/run/ctd/socket');
  await guest.asRoot(
    `mkdir /run/ctd; echo '${config}' >/run/ctd.toml
    systemd-run --quiet --unit ctd containerd --config /run/ctd.toml
    until ${ctr} version >/dev/null 2>&1; do
      systemctl is-active ctd >/dev/null || { journalctl -u ctd -n 30 >&2; exit 1; }
      sleep 1
    done
    ${ctr} images import /vm/image.tar && mkdir -p /sys/fs/cgroup/ctr &&
    for runtime in /usr/sbin/runc /usr/local/bin/sampan; do
      ${ctr} run --rm --runc-binary $runtime ${cgroups.cgroupfs} ${image} first true || exit
    done`,
    240_000,
  );
}

/** The only way to know that it watches is to see an event. */
const watch = `
  systemd-run --quiet --unit ctr-events -p StandardOutput=truncate:/run/ctr-events ${ctr} events
  until test -s /run/ctr-events; do ${ctr} namespaces label box at=$(date +%N); sleep 0.5; done`;

for (const [manager, cgroup] of Object.entries(cgroups)) {
  const run = `run --runc-binary $runtime ${cgroup}`;
  const start = async (session: Session, flags: string, program: string) => {
    await session.must(`${run} --detach ${flags} ${image} stays ${program}`);
    const { stdout } = await session.ask('tasks ls');
    return /^stays +(\d+)/m.exec(stdout)?.[1] ?? '';
  };
  comparedInGuest(containerd, `limits, by ${manager}`, ['root'], (promise) => {
    promise('a limit of memory and of CPU time holds', async (session) => {
      const pid = await start(session, limits, 'sleep 1000');
      const files = await session.cgroupFiles(pid, 'memory.max', 'cpu.max');
      expect(files).toBe('67108864\n50000 100000\n');
    });

    promise('metrics are those of the cgroup', async (session) => {
      await start(session, limits, 'sleep 1000');
      const names = (text: string) => text.replace(/^(\S+).*$/gm, '$1');
      const stdout = await session.must('tasks metrics stays', names);
      expect(stdout).toMatch(/^pids\.current +1 *$/m);
      expect(stdout).toMatch(/^memory\.usage_limit +67108864 *$/m);
      expect(stdout).toMatch(/^memory\.usage +[1-9]\d+ *$/m);
      expect(stdout).toMatch(/^cpu\.usage_usec +[1-9]\d+ *$/m);
    });

    promise('who has used up the memory is killed, and an event tells of it', async (session) => {
      const hog = `sh -c 'sleep 3; exec dd if=/dev/zero of=/dev/null bs=200M count=1'`;
      const little = '--memory-limit 25165824';
      await session.guest.asRoot(watch);
      const { status } = await session.run(`${run} --rm ${little} ${image} stays ${hog}`);
      const told = await session.guest.asRoot(
        'sleep 1; systemctl stop ctr-events; grep -c /tasks/oom /run/ctr-events; rm /run/ctr-events',
      );
      expect({ status, told }).toEqual({ status: 137, told: '1\n' });
    });

    promise('pause holds it still, and it goes on', async (session) => {
      const pid = await start(session, limits, 'sleep 1000');
      await session.must('tasks pause stays');
      expect(await session.cgroupFiles(pid, 'cgroup.events')).toContain('frozen 1');
      await session.must('tasks resume stays');
      expect(await session.cgroupFiles(pid, 'cgroup.events')).toContain('frozen 0');
    });
  });
}
