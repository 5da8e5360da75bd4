// Pods of podman.

import { spawnSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';

const lacking = spawnSync('catatonit', ['--version']).error ? 'catatonit not installed' : undefined;

/** podman 4.3 itself forbids every device in the cgroup of a pod that it makes by cgroupfs as root. */
const create = ['pod', 'create', '--name', 'p', '--network', 'none', '--share-parent=false'];

async function within(podman: Podman, name: string, ...args: string[]) {
  const common = ['run', '--detach', '--pod', 'p', '--name', name, '--rootfs', podman.rootfs];
  return podman.command([...common, ...args]);
}

compared(caller, 'pods', (promise) => {
  promise(
    'containers of a pod share its network, host name and semaphores',
    async (podman) => {
      await podman.command([...create, '--hostname', 'pod', '--share', 'ipc,net,uts,pid']);
      expect((await within(podman, 'one', 'sleep', '1000')).status).toBe(0);
      expect((await within(podman, 'two', 'sleep', '1000')).status).toBe(0);
      const look = 'hostname; for n in net ipc uts pid; do readlink /proc/self/ns/$n; done';
      const of = async (name: string) => (await podman.ask('exec', name, 'sh', '-c', look)).stdout;
      const one = await of('one');
      expect(one).toMatch(/^pod\nnet:/);
      expect(await of('two')).toBe(one);
      const format = '{{.Name}} {{.Status}} {{.NumberOfContainers}}';
      expect((await podman.command(['pod', 'ps', '--format', format])).stdout).toBe(
        'p Running 3\n',
      );
    },
    { lacking, telling: true },
  );

  promise(
    'a pod is stopped, started again and removed with all that is in it',
    async (podman) => {
      await podman.command(create);
      await within(podman, 'one', 'sleep', '1000');
      expect((await podman.command(['pod', 'stop', '--time', '0', 'p'])).status).toBe(0);
      expect((await podman.command(['ps', '--quiet'])).stdout).toBe('');
      expect((await podman.command(['pod', 'start', 'p'])).status).toBe(0);
      expect((await podman.command(['exec', 'one', 'echo', 'here'])).stdout).toBe('here\n');
      expect((await podman.command(['pod', 'rm', '--force', '--time', '0', 'p'])).status).toBe(0);
      expect((await podman.command(['ps', '--all', '--quiet'])).stdout).toBe('');
    },
    { lacking },
  );

  promise(
    'a pod can be paused',
    async (podman) => {
      await podman.command(create);
      await within(podman, 'one', 'sleep', '1000');
      expect((await podman.command(['pod', 'pause', 'p'])).status).toBe(0);
      const status = ['inspect', '--format', '{{.State.Status}}', 'one'];
      expect((await podman.command(status)).stdout).toBe('paused\n');
      expect((await podman.command(['pod', 'unpause', 'p'])).status).toBe(0);
      expect((await podman.command(status)).stdout).toBe('running\n');
    },
    { lacking, ways: ['root'] },
  );
});
