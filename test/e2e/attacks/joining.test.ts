// A process that joins a container is out of the reach of those in it until it is one of them.

import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { BundleConfig } from '../../rig/bundle.js';
import { copyProgram } from '../../rig/copied-program.js';
import { detached, remove } from '../../rig/inside.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { bothWays } from '../../rig/ways.js';

/** Looks for the runtime's process and tries to look into it. */
const spy = `
  while :; do
    for p in /proc/[0-9]*; do
      read name <$p/comm && case $name in sampan*) ;; *) continue;; esac 2>/dev/null
      echo "found $name"
      for link in exe cwd root ns/mnt; do
        readlink $p/$link >/dev/null 2>&1 && echo "READ $link"
      done
      for file in environ maps auxv; do
        [ -n "$(cat $p/$file 2>/dev/null)" ] && echo "READ $file"
      done
      # The kernel shows the numbers to the same user; what they lead to is what counts.
      for fd in 0 1 2 3 4 5 6 7 8 9; do
        readlink $p/fd/$fd >/dev/null 2>&1 && echo "READ fd $fd"
        (exec 3<$p/fd/$fd) 2>/dev/null && echo "OPENED fd $fd"
      done
      (exec 3<>$p/mem) 2>/dev/null && echo "OPENED mem"
      echo tried
      exec sleep 100
    done
    usleep 1000
  done 2>/dev/null`;

/**
 * A unix socket on which a connect(2) waits: its backlog is full and nobody accepts. The runtime
 * tells it of the process when that is in the container and has not executed its program yet.
 */
async function busySocket(rig: Rig): Promise<{ path: string; end(): Promise<void> }> {
  const path = join(rig.dir, 'busy.sock');
  const receiver = copyProgram('receive-descriptor', join(rig.dir, 'receive'));
  const listener = rig.launch([receiver, path]);
  expect(await until(() => existsSync(path))).toBe(true);
  // bind(2) comes before listen(2).
  const first = await until(async () => (await connected(path)) !== undefined);
  expect(first).toBe(true);
  const others: (Socket | undefined)[] = [];
  // The receiver takes one connection and then no more.
  for (let quiet = 0; quiet < 5; quiet++) {
    for (let socket = await connected(path); socket; socket = await connected(path)) {
      others.push(socket);
      quiet = 0;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const end = async () => {
    for (const socket of others) socket?.destroy();
    listener.signal('SIGKILL');
    await listener.ended;
  };
  return { path, end };
}

/** A connection, unless the backlog is full (EAGAIN: sockets of Node do not wait). */
function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}

/** A user namespace, the processes of the host in sight. */
function withHostProcesses({ linux, mounts }: BundleConfig): void {
  const kept = linux.namespaces.filter(({ type }) => type !== 'pid' && type !== 'user');
  linux.namespaces = [...kept, { type: 'user' }];
  linux.uidMappings ??= [{ containerID: 0, hostID: 100000, size: 65536 }];
  linux.gidMappings ??= [{ containerID: 0, hostID: 100000, size: 65536 }];
  const proc = mounts.find(({ destination }) => destination === '/proc');
  Object.assign(proc ?? {}, { type: 'none', source: '/proc', options: ['rbind'] });
}

/** Tries to look into one process. */
const look = (pid: number) => `
  for link in exe cwd root ns/mnt; do
    readlink /proc/${pid}/$link >/dev/null 2>&1 && echo "READ $link"
  done
  for file in environ maps auxv; do
    [ -n "$(cat /proc/${pid}/$file 2>/dev/null)" ] && echo "READ $file"
  done
  (exec 3<>/proc/${pid}/mem) 2>/dev/null && echo "OPENED mem"
  grep Name /proc/${pid}/status`;

bothWays('CVE-2016-9962: a process that joins a user namespace', (promise) => {
  promise(
    'is not traced by root of it, which sees it in the pid namespace of both',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.give('rootfs').edit(withHostProcesses);
      const owner = await detached(rig, bundle);
      bundle.edit(({ linux }) => {
        const user = linux.namespaces.find(({ type }) => type === 'user');
        Object.assign(user ?? {}, { path: `/proc/${owner.pid}/ns/user` });
        linux.uidMappings = [];
        linux.gidMappings = [];
      });
      const { id } = await rig.create(bundle.runs(['true']));
      const { pid = 0 } = await rig.state(id);
      const spying = ['exec', '--cap', 'CAP_SYS_PTRACE', owner.id, 'sh', '-c', look(pid)];
      const { stdout } = await rig.command(spying);
      expect(stdout).toBe('Name:\tsampan:init\n');
      await remove(rig, id);
      await owner.remove();
    },
  );
});

bothWays('a container that waits to be started, traced by a process of exec', (promise) => {
  promise('has nothing to read, and cannot be stopped by it', async (rig) => {
    const { id } = await rig.create(await rig.bundle());
    const { stdout } = await rig.command(['exec', id, 'sh', '-c', look(1)]);
    expect(stdout).toBe('Name:\tsampan:init\n');
    expect(await rig.command(['start', id])).toMatchObject({ status: 0 });
    await remove(rig, id);
  });
});

bothWays('CVE-2016-9962, CVE-2016-8659: looking into a process that joins', (promise) => {
  promise('finds nothing to read, not even for the same user and capabilities', async (rig) => {
    const bundle = (await rig.bundle()).runs(spy);
    const id = rig.newId();
    const container = rig.start(['run', '-b', bundle.path, id]);
    expect(await until(async () => (await rig.command(['state', id])).status === 0)).toBe(true);
    const socket = await busySocket(rig);
    const joining = rig.start(['exec', '--pidfd-socket', socket.path, id, 'true']);
    expect(await until(() => container.outputSoFar().includes('tried'))).toBe(true);
    expect(container.outputSoFar()).toBe('found sampan:init\ntried\n');
    joining.signal('SIGKILL');
    await joining.ended;
    await socket.end();
    await remove(rig, id);
    await container.ended;
  });
});
