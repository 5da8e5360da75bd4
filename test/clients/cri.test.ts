// Kubernetes' container runtime interface with this runtime: pods and containers as the kubelet has them.

import { afterAll, expect } from '@jest/globals';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { asRoot } from './as-root.js';
import { CONTAINER, cri, cris, NODE, POD } from './cri.js';

afterAll(() => cris.end());

/** Pods have a share of CPU time, and runc refuses what it has no controller for. */
const peer = cgroup2Controllers()?.includes('cpu') ? 'runc' : 'crun';

const sleeps = { command: ['sleep', '1000'] };
const sh = (script: string) => ['sh', '-c', script];
const status = (pattern: string) => ['grep', '-E', pattern, '/proc/self/status'];

asRoot(
  cri,
  'pods',
  (promise) => {
    promise(
      'a pod with a network, a container that ends, its log and its exit code',
      async (kubelet) => {
        await kubelet.pod();
        const script = 'echo hello; hostname; ls /sys/class/net; exit 7';
        expect(await kubelet.output('one', { command: sh(script) })).toEqual({
          code: 7,
          output: 'hello\nboat\neth0\nlo\n',
        });
      },
      { telling: true },
    );

    promise('a handler that the node does not have is refused', async (kubelet) => {
      await expect(kubelet.pod({}, {}, 'wombat')).rejects.toThrow(/wombat/);
    });

    promise('containers of a pod share its namespaces, but for that of mounts', async (kubelet) => {
      await kubelet.pod();
      const names = ['net', 'ipc', 'uts', 'mnt', 'pid'];
      const script = names.map((name) => `readlink /proc/self/ns/${name}`).join('; ');
      // Numbers of namespaces are used again when they are gone.
      await kubelet.started('one', { command: sh(`${script}; exec sleep 1000`) });
      const one = (await kubelet.log('one', 'pid:')).split('\n');
      const two = (await kubelet.output('two', { command: sh(script) })).output.split('\n');
      const shared = names.filter((_, index) => one[index] === two[index]);
      expect(shared).toEqual(['net', 'ipc', 'uts', 'pid']);
    });

    promise('a pod can share its process namespace', async (kubelet) => {
      const options = { 1: NODE, 2: POD, 3: POD };
      await kubelet.pod({ 1: options }, { 2: undefined });
      await kubelet.started('one', { ...sleeps, security: { 3: options } });
      const command = sh('cat /proc/1/comm; pidof sleep | wc -w');
      const security = { 3: options };
      expect((await kubelet.output('two', { command, security })).output).toBe('tail\n1\n');
    });

    promise('a pod of the node’s namespaces', async (kubelet) => {
      const options = { 1: NODE, 2: NODE, 3: NODE };
      await kubelet.pod({ 1: options }, { 2: undefined });
      const command = sh('readlink /proc/self/ns/ipc; ls /sys/class/net; test $$ -gt 1; echo $?');
      const { output } = await kubelet.output('one', { command, security: { 3: options } });
      expect(output).toMatch(/^ipc:\[4026531839\]\nlo\n0\n$/);
    });

    promise('a sysctl of the pod', async (kubelet) => {
      const sysctl = { 1: 'net.ipv4.ip_unprivileged_port_start', 2: '7' };
      const { cgroup } = kubelet.service.view;
      await kubelet.pod({}, { 8: { 1: cgroup, 3: sysctl } });
      const command = ['cat', '/proc/sys/net/ipv4/ip_unprivileged_port_start'];
      expect((await kubelet.output('one', { command })).output).toBe('7\n');
    });
  },
  { peer },
);

asRoot(
  cri,
  'containers',
  (promise) => {
    promise(
      'exec gives the output and the exit code, and ends when its time is up',
      async (kubelet) => {
        await kubelet.pod();
        const id = await kubelet.started('one', sleeps);
        const ran = await kubelet.exec(id, sh('echo out; echo err >&2; exit 5'));
        expect(ran).toMatchObject({ code: 0, stdout: 'out\n', stderr: 'err\n', exitCode: 5 });
        const slow = await kubelet.exec(id, ['sleep', '1001'], 1);
        expect(slow).toMatchObject({ code: 4, message: expect.stringContaining('exec') });
        const absent = await kubelet.exec(id, ['wombat']);
        expect(absent.message).toMatch(/executable file .*not found in \$PATH/);
        expect((await kubelet.exec(id, ['echo', 'there'])).stdout).toBe('there\n');
      },
      { telling: true },
    );

    promise('a container is asked to end, and killed when its time is up', async (kubelet) => {
      await kubelet.pod();
      const script = 'trap "exit 3" TERM; echo up; while :; do sleep 0.1; done';
      const good = await kubelet.started('one', { command: sh(script) });
      await kubelet.log('one', 'up');
      await kubelet.must('StopContainer', { 1: good, 2: 10 });
      expect(await kubelet.exitCode(good)).toBe(3);
      const bad = await kubelet.started('two', {
        command: sh('trap "" TERM; echo up; sleep 1000'),
      });
      await kubelet.log('two', 'up');
      await kubelet.must('StopContainer', { 1: bad, 2: 1 });
      expect(await kubelet.exitCode(bad)).toBe(137);
      await kubelet.must('RemoveContainer', { 1: good });
    });

    promise('one that cannot be started is told, and can be removed', async (kubelet) => {
      await kubelet.pod();
      const id = await kubelet.container('one', { command: ['wombat'] });
      const { code, message } = await kubelet.call('StartContainer', { 1: id });
      expect(code).not.toBe(0);
      expect(message).toMatch(/executable file .*not found in \$PATH/);
      await kubelet.must('RemoveContainer', { 1: id });
    });

    promise('the user, groups, directory, variables and mounts are given', async (kubelet) => {
      await kubelet.pod();
      const place = kubelet.place('volume');
      const config = {
        5: '/tmp',
        6: [{ 1: 'A', 2: 'b' }],
        7: [
          { 1: '/v', 2: place, 3: true },
          { 1: '/w', 2: place },
        ],
      };
      const security = { 5: { 1: 1000 }, 8: [77], 12: { 1: 2000 } };
      const script = 'id -u; id -g; id -G; pwd; echo $A; (echo > /v/x) 2>&1; ls /w';
      const { output } = await kubelet.output('one', { command: sh(script), config, security });
      expect(output).toBe(
        "1000\n2000\n2000 77\n/tmp\nb\nsh: can't create /v/x: Read-only file system\n",
      );
    });

    promise('the security context holds', async (kubelet) => {
      await kubelet.pod();
      // Add and drop; a read-only root; no_new_privs; the runtime's default profile.
      const security = { 1: { 1: ['CHOWN'], 2: ['ALL'] }, 7: true, 11: true, 15: { 1: 0 } };
      const script = `(echo > /x) 2>&1; ${status('"Cap(Eff|Bnd)|NoNewPrivs|Seccomp:"').join(' ')}`;
      const { output } = await kubelet.output('one', { command: sh(script), security });
      expect(output.replaceAll('\t', ' ')).toBe(
        "sh: can't create /x: Read-only file system\nCapEff: 0000000000000001\n" +
          'CapBnd: 0000000000000001\nNoNewPrivs: 1\nSeccomp: 2\n',
      );
    });

    promise('paths are masked and read-only', async (kubelet) => {
      await kubelet.pod();
      const security = { 13: ['/proc/meminfo', '/etc'], 14: ['/proc/sys'] };
      const script = 'wc -c < /proc/meminfo; ls /etc; (echo x > /proc/sys/kernel/hostname) 2>&1';
      const { output } = await kubelet.output('one', { command: sh(script), security });
      expect(output).toBe("0\nsh: can't create /proc/sys/kernel/hostname: Read-only file system\n");
    });

    promise('its process namespace is its own', async (kubelet) => {
      await kubelet.pod();
      const security = { 3: { 2: CONTAINER } };
      const { output } = await kubelet.output('one', { command: sh('echo $$'), security });
      expect(output).toBe('1\n');
    });

    promise(
      'stats and an update are carried out',
      async (kubelet) => {
        await kubelet.pod();
        const id = await kubelet.started('one', sleeps);
        await kubelet.must('ContainerStats', { 1: id });
        await kubelet.must('UpdateContainerResources', { 1: id, 2: { 5: 0 } });
        expect((await kubelet.exec(id, ['echo', 'there'])).stdout).toBe('there\n');
      },
      peer === 'crun' ? { differs: { crun: 'makes no cgroup on this machine' } } : {},
    );
  },
  { peer },
);
