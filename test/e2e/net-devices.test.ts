// Network devices that become the container's: linux.netDevices. Every device here is made in a
// network namespace of the test's own.

import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Bundle } from '../rig/bundle.js';
import { amRoot } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { asRoot, asUser } from '../rig/ways.js';

const possible =
  amRoot &&
  execaSync('unshare', ['--net', 'ip', 'link', 'add', 'd0', 'type', 'veth'], { reject: false })
    .exitCode === 0;
const reason = 'no ip(8), or a kernel without veth devices';

/** What a device is like: the lines of ip(8) without what changes by itself. */
const show = (name: string) => `ip link show dev ${name}; ip addr show dev ${name}`;

function moving(
  bundle: Bundle,
  devices: Record<string, { name?: string }>,
  script: string,
): Bundle {
  return bundle.runs(script).edit(({ linux }) => {
    linux.netDevices = devices;
  });
}

/** Runs the container from a network namespace that `setup` prepares; then `after` looks at that. */
async function runThere(rig: Rig, bundle: Bundle, setup: string, after = 'ip -o link') {
  const line = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
  const script = `${setup}; "$@"; echo "status $?"; echo after; ${after}`;
  const ran = await rig.execute(['unshare', '--net', 'sh', '-c', script, 'sh', ...line]);
  const [inside = '', outside = ''] = ran.stdout.split('after\n');
  return { ...ran, inside, outside };
}

asRoot('a network device of linux.netDevices', (promise) => {
  const declare = promise.needs(possible, reason);

  declare('is moved with what it is: MTU, hardware address, addresses; and is up', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {} }, show('d0'));
    const setup = [
      'ip link add d0 address 02:00:00:00:00:07 mtu 1333 type veth',
      'ip addr add 192.0.2.7/24 dev d0',
      'ip addr add 198.51.100.1 peer 198.51.100.2/32 dev d0',
      'ip -6 addr add 2001:db8::7/64 nodad dev d0',
      'ip addr add 169.254.9.9/16 scope link dev d0',
      'ip addr add 203.0.113.5/24 valid_lft 500 preferred_lft 500 dev d0',
    ].join(' && ');
    const { inside, outside } = await runThere(rig, bundle, setup);
    expect(inside).toContain('status 0');
    expect(inside).toMatch(/d0@\S+ <.*\bUP\b.*> mtu 1333 /);
    expect(inside).toContain('02:00:00:00:00:07');
    expect(inside).toMatch(/inet 192\.0\.2\.7\/24 .*scope global/);
    expect(inside).toMatch(/inet 198\.51\.100\.1 peer 198\.51\.100\.2\/32 .*scope global/);
    expect(inside).toMatch(/inet6 2001:db8::7\/64 scope global/);
    expect(inside).not.toMatch(/169\.254\.9\.9|203\.0\.113\.5/);
    expect(outside).not.toContain('d0@');
  });

  declare(
    'gets its new name, also one that the container’s own would be in the way of',
    async (rig) => {
      const devices = { d0: { name: 'd1' }, d1: { name: 'd0' }, d2: { name: 'eth%d' } };
      const bundle = moving(await rig.bundle(), { ...devices, d3: { name: 'eth%d' } }, 'ip addr');
      const add = (n: number) =>
        `ip link add d${n} type veth && ip addr add 192.0.2.${n}/24 dev d${n}`;
      const { inside } = await runThere(rig, bundle, [0, 1, 2, 3].map(add).join(' && '));
      const addresses = [...inside.matchAll(/inet 192\.0\.2\.(\d)\/24 .* (\S+)$/gm)];
      const names = Object.fromEntries(addresses.map(([, number, name]) => [number, name]));
      expect(names).toEqual({ 0: 'd1', 1: 'd0', 2: 'eth0', 3: 'eth1' });
    },
  );

  declare('may have hundreds of addresses', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {} }, 'ip addr show dev d0 | grep -c inet');
    const add =
      'for i in $(seq 300); do echo addr add 10.0.$((i / 250)).$((i % 250 + 1))/32 dev d0; done';
    const setup = `ip link add d0 type veth; { ${add}; } | ip -batch -`;
    const { inside } = await runThere(rig, bundle, setup);
    expect(inside).toMatch(/^30\d\nstatus 0/);
  });

  declare('is moved to a namespace that is joined, where its name must be free', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {} }, 'ip -o link');
    const path = `${rig.dir}/net`;
    bundle.edit(({ linux }) => {
      linux.namespaces = linux.namespaces.map((namespace) =>
        namespace.type === 'network' ? { type: 'network', path } : namespace,
      );
    });
    const join = `touch ${path}; unshare --net=${path} ip link set lo up`;
    const setup = 'ip link add d0 type veth; ip addr add 192.0.2.7/24 dev d0; ip link set d0 up';
    const first = await runThere(rig, bundle, `${join}; ${setup}`);
    expect(first.inside).toMatch(/d0@[\s\S]*status 0/);
    const inTheWay = `nsenter --net=${path} ip link add busy type veth; ${setup}`;
    moving(bundle, { d0: { name: 'busy' } }, 'ip -o link');
    const again = await runThere(rig, bundle, inTheWay, show('d0'));
    expect(again.inside).toContain('status 1');
    expect(again.stderr).toMatch(
      /container has a network device busy already.*\/linux\/netDevices\/d0/,
    );
    // Nothing was done to it.
    expect(again.outside).toMatch(/UP[\s\S]*inet 192\.0\.2\.7\/24/);
    await rig.execute(['umount', path]);
  });

  declare('is given back when the launch fails', async (rig) => {
    const devices = { d0: { name: 'eth0' }, d1: {} };
    const bundle = moving(await rig.bundle(), devices, '').runs(['/no/such/program']);
    const setup =
      'for i in 0 1; do ip link add d$i mtu 1400 type veth; ip addr add 192.0.2.$i/24 dev d$i; done; ip link set d0 up';
    const { inside, outside } = await runThere(rig, bundle, setup, `${show('d0')}; ${show('d1')}`);
    expect(inside).toContain('status 1');
    expect(outside).toMatch(/d0@\S+ <.*\bUP\b.*> mtu 1400[\s\S]*inet 192\.0\.2\.0\/24/);
    expect(outside).toMatch(
      /d1@\S+ <BROADCAST,MULTICAST,M-DOWN> mtu 1400[\s\S]*inet 192\.0\.2\.1\/24/,
    );
  });

  declare('that does not exist is an error, and others stay where they were', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {}, eth9: {} }, 'true');
    const { inside, stderr, outside } = await runThere(rig, bundle, 'ip link add d0 type veth');
    expect(inside).toContain('status 1');
    expect(stderr).toMatch(
      /move network device eth9: .*no such device.*\/linux\/netDevices\/eth9.*ip link/i,
    );
    expect(outside).toContain('d0@');
  });

  declare('goes into a container with a user namespace too', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {} }, 'ip -o addr show dev d0');
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'user' });
      linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 1000 }];
      linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 1000 }];
    });
    const setup = 'ip link add d0 type veth; ip addr add 192.0.2.7/24 dev d0';
    await rig.execute(['chown', '-hR', '100000:100000', bundle.rootfs]);
    const { inside } = await runThere(rig, bundle, setup);
    expect(inside).toMatch(/inet 192\.0\.2\.7\/24[\s\S]*status 0/);
  });

  declare('is there for create, start and exec', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: { name: 'eth0' } }, 'exec sleep 1000');
    const id = rig.newId();
    const sampan = rig.commandLine().join(' ');
    const script =
      `ip link add d0 type veth; ${sampan} create -b ${bundle.path} ${id} && ` +
      `${sampan} start ${id} && ${sampan} exec ${id} ip -o link; ${sampan} delete --force ${id}`;
    const { stdout } = await rig.execute(['unshare', '--net', 'sh', '-c', script]);
    expect(stdout).toMatch(/eth0@\S+ <.*\bUP\b/);
  });
});

asUser('a network device of linux.netDevices', (promise) => {
  promise('is refused: it is not the user’s to take', async (rig) => {
    const bundle = moving(await rig.bundle(), { d0: {} }, 'true');
    bundle.edit(({ linux }) => linux.namespaces.push({ type: 'network' }));
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/only root may take a network device.*\/linux\/netDevices.*pasta/);
  });
});
