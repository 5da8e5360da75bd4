// Kernel parameters are set in the namespaces of the container, and nowhere else.

import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { BundleConfig } from '../rig/bundle.js';
import { lines } from '../rig/inside.js';
import { refusal } from '../rig/refusal.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

/** What `spec --rootless` leaves out. */
const ownNetwork = ({ linux }: BundleConfig) => {
  if (linux.namespaces.some(({ type }) => type === 'network')) return;
  linux.namespaces.push({ type: 'network' });
};

const onHost = (path: string) => readFileSync(`/proc/sys/${path}`, 'utf8');

bothWays('linux.sysctl', (promise) => {
  promise('each namespace has its parameters, in both forms of the name', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      ownNetwork(config);
      config.linux.sysctl = {
        'kernel.shm_rmid_forced': '1',
        'kernel/msgmni': '1234',
        'kernel.sem': '250 32000 32 77',
        'fs.mqueue.queues_max': '33',
        'net.ipv4.ip_forward': '1',
        'net/ipv4/conf/lo/rp_filter': '2',
      };
    });
    const paths = [
      'kernel/shm_rmid_forced',
      'kernel/msgmni',
      'kernel/sem',
      'fs/mqueue/queues_max',
      'net/ipv4/ip_forward',
      'net/ipv4/conf/lo/rp_filter',
    ];
    const before = paths.map(onHost);
    const output = await lines(rig, bundle, `cd /proc/sys; cat ${paths.join(' ')}`);
    expect(output).toEqual(['1', '1234', '250\t32000\t32\t77', '33', '1', '2']);
    expect(paths.map(onHost)).toEqual(before);
  });

  promise('a dot of a device name is a slash in the dotted form', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      ownNetwork(config);
      config.linux.sysctl = { 'net.ipv4.conf.lo/7.rp_filter': '2' };
    });
    const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
    expect(line).toMatch(/set sysctl net\/ipv4\/conf\/lo\.7\/rp_filter to \\?"2\\?".*ENOENT/);
  });

  promise('the names of the host are set as by hostname and domainname', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      Reflect.deleteProperty(config, 'hostname');
      config.linux.sysctl = { 'kernel.hostname': 'box', 'kernel.domainname': 'example.org' };
    });
    const before = onHost('kernel/hostname');
    expect(await lines(rig, bundle, 'cd /proc/sys/kernel; cat hostname domainname')).toEqual([
      'box',
      'example.org',
    ]);
    expect(onHost('kernel/hostname')).toBe(before);
  });

  promise('what engines always write works without a word', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      ownNetwork(config);
      config.linux.sysctl = { 'net.ipv4.ping_group_range': '0 0' };
      config.process.oomScoreAdj = Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
    });
    bundle.runs('cat /proc/sys/net/ipv4/ping_group_range');
    expect(await rig.run(bundle)).toMatchObject({ status: 0, stdout: '0\t0\n', stderr: '' });
  });

  promise('a value that the kernel does not take is refused with key and value', async (rig) => {
    const bundle = await rig.bundle();
    for (const value of ['yes', '1 2', '', '99999999999999999999']) {
      bundle.edit((config) => {
        ownNetwork(config);
        config.linux.sysctl = { 'net.ipv4.ip_forward': value };
      });
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toContain('EINVAL');
      expect(line).toContain(value);
      expect(line).toContain('/linux/sysctl/net.ipv4.ip_forward');
    }
  });
});

asRoot('what is set in a namespace', (promise) => {
  promise('is refused where the path of the namespace is that of the host', async (rig) => {
    const cases = [
      { type: 'network', file: 'net', key: 'net.ipv4.ip_forward', value: '1' },
      { type: 'ipc', file: 'ipc', key: 'kernel.shm_rmid_forced', value: '1' },
      { type: 'uts', file: 'uts', key: 'kernel.domainname', value: 'example.org' },
    ] as const;
    for (const { type, file, key, value } of cases) {
      const bundle = await rig.bundle();
      const before = onHost(key.replaceAll('.', '/'));
      bundle.edit((config) => {
        Reflect.deleteProperty(config, 'hostname');
        config.linux.sysctl = { [key]: value };
        const entry = config.linux.namespaces.find((namespace) => namespace.type === type);
        Object.assign(entry ?? {}, { path: `/proc/${process.pid}/ns/${file}` });
      });
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/runtime's own.*\/linux\/namespaces\/\d/);
      expect(onHost(key.replaceAll('.', '/'))).toBe(before);
    }
  });

  promise('the hostname too', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      config.hostname = 'intruder';
      const entry = config.linux.namespaces.find(({ type }) => type === 'uts');
      Object.assign(entry ?? {}, { path: `/proc/${process.pid}/ns/uts` });
    });
    const before = onHost('kernel/hostname');
    const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
    expect(line).toMatch(/runtime's own.*\/linux\/namespaces\/\d/);
    expect(onHost('kernel/hostname')).toBe(before);
  });
});

asUser('linux.sysctl', (promise) => {
  promise('limits of the user namespace are set in its own', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.sysctl = { 'user.max_net_namespaces': '7' };
    });
    const before = onHost('user/max_net_namespaces');
    expect(await lines(rig, bundle, 'cat /proc/sys/user/max_net_namespaces')).toEqual(['7']);
    expect(onHost('user/max_net_namespaces')).toBe(before);
  });
});
