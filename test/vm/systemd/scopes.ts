// Containers as scopes of systemd: of the system's manager for root, of the user's own for a user.

import { expect } from '@jest/globals';
import type { Resources } from '../../../src/spec/types.js';
import type { BundleConfig } from '../../rig/bundle.js';
import { type Guest, inGuest } from '../containers.js';

const MB = 1024 * 1024;

inGuest('a scope of systemd', 'systemd', ['root', 'user'], (promise) => {
  promise('holds the container, and systemctl shows it', async (guest) => {
    const { id, unit } = await started(guest);
    const shown = await show(guest, unit, 'ActiveState Description Slice Delegate CollectMode');
    expect(shown).toEqual({
      ActiveState: 'active',
      Description: `container ${id}`,
      Slice: guest.who === 'root' ? 'system.slice' : 'user.slice',
      Delegate: 'yes',
      CollectMode: 'inactive-or-failed',
    });
    const { ControlGroup = '' } = await show(guest, unit, 'ControlGroup');
    const pid = await guest.output(`head -n 1 /sys/fs/cgroup${ControlGroup}/cgroup.procs`);
    expect(JSON.parse(await guest.output(`sampan state ${id}`))).toMatchObject({
      pid: Number(pid),
      status: 'running',
    });
    // The namespace's root is the scope, for the container and for what is executed in it.
    expect(await guest.output(`sampan exec ${id} cat /proc/self/cgroup`)).toBe('0::/\n');
    await guest.output(`sampan exec -d ${id} sleep 99; sampan ps ${id} | grep -q 'sleep 99'`);
    await guest.output(`sampan pause ${id}; sampan resume ${id}; sampan delete -f ${id}`);
    await gone(guest, unit, ControlGroup);
  });

  promise('is stopped by systemctl, and with it the container', async (guest) => {
    const { id, unit } = await started(guest);
    const { ControlGroup = '' } = await show(guest, unit, 'ControlGroup');
    await guest.output(`${systemctl(guest)} stop ${unit}`);
    expect(JSON.parse(await guest.output(`sampan state ${id}`))).toMatchObject({
      pid: 0,
      status: 'stopped',
    });
    await guest.output(`sampan delete ${id}`);
    await gone(guest, unit, ControlGroup);
  });

  promise(
    'goes when the program of a foreground container ends, however it does',
    async (guest) => {
      for (const [script, expected] of [
        ['exit 7', 7],
        ['kill -9 $$; kill -9 0', 137],
      ] as const) {
        const id = guest.newId();
        const bundle = await bundleOf(guest, script, {});
        // Not as pid 1 of a namespace, which nothing kills from inside.
        if (expected === 137) await edit(guest, bundle, '/"type": *"pid"/d');
        const { status } = await guest.run(`sampan --systemd-cgroup run -b ${bundle} ${id}`);
        expect(status).toBe(expected === 137 ? status : expected);
        await gone(guest, `sampan-${id}.scope`, '');
        expect((await guest.run(`sampan state ${id}`)).stderr).toContain('does not exist');
      }
    },
  );

  promise('knows the limits, which a daemon-reload leaves as they are', async (guest) => {
    const { id, unit } = await started(guest, LIMITS);
    expect(await show(guest, unit, Object.keys(PROPERTIES).join(' '))).toEqual(PROPERTIES);
    const files = await values(guest, unit);
    expect(files).toEqual(FILES);
    await guest.output(`${systemctl(guest)} daemon-reload`);
    // Another unit beside it makes systemd look after the whole slice.
    await guest.output(`${systemctl(guest)} set-property --runtime ${unit} CPUWeight=174`);
    expect(await values(guest, unit)).toEqual(files);
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('learns of an update', async (guest) => {
    const { id, unit } = await started(guest, LIMITS);
    await guest.output(`sampan update --memory 96M --memory-swap 96M --pids-limit 33 ${id}`);
    await guest.output(`sampan update --cpu-quota 30000 --cpuset-cpus 1 ${id}`);
    expect(
      await show(guest, unit, 'MemoryMax MemorySwapMax TasksMax CPUQuotaPerSecUSec AllowedCPUs'),
    ).toEqual({
      MemoryMax: String(96 * MB),
      MemorySwapMax: '0',
      TasksMax: '33',
      CPUQuotaPerSecUSec: '600ms',
      AllowedCPUs: guest.who === 'root' ? '1' : '1',
    });
    expect(await values(guest, unit)).toEqual({
      ...FILES,
      'memory.max': String(96 * MB),
      'memory.swap.max': '0',
      'pids.max': '33',
      'cpu.max': '30000 50000',
      'cpuset.cpus': '1',
    });
    await guest.output(`sampan update --pids-limit -1 ${id}; ${systemctl(guest)} daemon-reload`);
    expect((await values(guest, unit))['pids.max']).toBe('max');
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('lies where cgroupsPath says, and has the properties of annotations', async (guest) => {
    const id = guest.newId();
    const bundle = await bundleOf(guest, 'exec sleep 1000', {}, (config) => {
      config.linux.cgroupsPath = `vm-${guest.who}.slice:pre:${id}+x`;
      config.annotations = {
        'org.systemd.property.TimeoutStopSec': '3',
        'org.systemd.property.Description': "'told by an annotation'",
        'org.systemd.property.After': "['dbus.socket']",
        'org.systemd.property.MemoryHigh': 'uint64 50331648',
      };
    });
    await guest.output(`sampan --systemd-cgroup run -d -b ${bundle} ${id}`);
    const unit = `pre-${id}\\x2bx.scope`;
    const shown = await show(
      guest,
      `'${unit}'`,
      'ControlGroup Description TimeoutStopUSec MemoryHigh After',
    );
    expect(shown).toMatchObject({
      ControlGroup: expect.stringMatching(new RegExp(`/vm.slice/vm-${guest.who}.slice/pre-${id}`)),
      Description: 'told by an annotation',
      TimeoutStopUSec: '3s',
      MemoryHigh: '50331648',
      After: expect.stringContaining('dbus.socket'),
    });
    await guest.output(`sampan delete -f ${id}`);
    await gone(guest, `'${unit}'`, shown.ControlGroup ?? '');
  });

  promise('may take the name of one that failed, not of one that is there', async (guest) => {
    const failed = guest.newId();
    const keep = ['CollectMode=inactive', 'RuntimeMaxSec=1'].map((p) => `-p ${p}`).join(' ');
    const user = guest.who === 'root' ? '' : '--user';
    await guest.run(`systemd-run ${user} --scope --unit sampan-${failed}.scope ${keep} sleep 60`);
    expect((await show(guest, `sampan-${failed}.scope`, 'ActiveState')).ActiveState).toBe('failed');
    const bundle = await bundleOf(guest, 'exit 5', {});
    const run = `sampan --systemd-cgroup run -b ${bundle}`;
    expect((await guest.run(`${run} ${failed}`)).status).toBe(5);
    const { id, unit } = await started(guest);
    await edit(guest, bundle, `s#"linux":{#"linux":{"cgroupsPath":":sampan:${id}",#`);
    const { status, stderr } = await guest.run(`${run} ${guest.newId()}`);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/UnitExists.*choose another name/)]);
    expect((await show(guest, unit, 'ActiveState')).ActiveState).toBe('active');
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('refused by systemd leaves nothing', async (guest) => {
    const wrong: [key: string, value: string, told: RegExp][] = [
      ['TimeoutStopUSec', "'soon'", /another type: see the annotations/],
      ['NoSuchThing', 'true', /systemd: .*NoSuchThing.*no such property/],
      ['MemoryHigh', 'uint64', /annotations\/org\.systemd\.property\.MemoryHigh/],
      ['PIDs', '[uint32 1]', /PIDs is the runtime's own/],
    ];
    for (const [key, value, told] of wrong) {
      const bundle = await bundleOf(guest, 'true', {}, (config) => {
        config.annotations = { [`org.systemd.property.${key}`]: value };
      });
      const id = guest.newId();
      const { status, stderr } = await guest.run(
        `sampan --systemd-cgroup create -b ${bundle} ${id}`,
      );
      expect([key, status, stderr]).toEqual([key, 1, expect.stringMatching(told)]);
      expect((await guest.run(`sampan state ${id}`)).stderr).toContain('does not exist');
      await gone(guest, `sampan-${id}.scope`, '');
    }
  });

  promise(
    'is found with no more than XDG_RUNTIME_DIR and PATH, and without a bus',
    async (guest) => {
      const runtime = guest.who === 'root' ? '' : 'XDG_RUNTIME_DIR=/run/user/1000';
      const bundle = await bundleOf(guest, 'cat /proc/self/cgroup', {});
      const few = `env -i PATH=$PATH ${runtime}`;
      const run = `sampan --root /tmp/${guest.who}-state --systemd-cgroup run -b ${bundle}`;
      expect(await guest.output(`${few} ${run} ${guest.newId()}`)).toBe('0::/\n');
      const own = guest.who === 'root' ? '/run/systemd/private' : '/run/user/1000/systemd/private';
      const bus = guest.who === 'root' ? 'DBUS_SYSTEM_BUS_ADDRESS' : 'DBUS_SESSION_BUS_ADDRESS';
      const address = `${bus}=unix:path=${own}`;
      expect(await guest.output(`${few} ${address} ${run} ${guest.newId()}`)).toBe('0::/\n');
      const nowhere =
        guest.who === 'root'
          ? `unshare -m sh -c 'mount -t tmpfs x /run; ${run} x'`
          : `XDG_RUNTIME_DIR=/tmp ${few} XDG_RUNTIME_DIR=/tmp ${run} x`;
      const { status, stderr } = await guest.run(nowhere);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/manager: .*private: .*ENOENT.*--cgroup-manager=cgroupfs/),
      ]);
    },
  );
});

inGuest('devices in a scope of systemd', 'systemd', ['root'], (promise) => {
  promise('stay limited when systemd reloads', async (guest) => {
    // The serial port, which is there and which nobody is kept from but by the list.
    const port = { type: 'c', major: 4, minor: 64, access: 'rw' };
    for (const allow of [true, false]) {
      const { id } = await started(guest, { devices: [{ allow, ...port }] }, (config) => {
        for (const set of ['bounding', 'effective', 'permitted'] as const) {
          config.process.capabilities?.[set]?.push('CAP_MKNOD');
        }
      });
      await guest.asRoot('systemctl daemon-reload');
      await guest.output(`sampan exec -c CAP_MKNOD ${id} mknod /dev/port c 4 64`);
      const { status, stderr } = await guest.run(`sampan exec ${id} sh -c ': </dev/port'`);
      const expected = allow ? [0, ''] : [1, expect.stringContaining('Operation not permitted')];
      expect([status, stderr]).toEqual(expected);
      await guest.output(`sampan delete -f ${id}`);
    }
  });
});

inGuest('devices in a scope of systemd', 'systemd', ['root'], (promise) => {
  promise('are known to systemd, whose own program allows what an update does', async (guest) => {
    const fuse = { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' };
    const { id, unit } = await started(guest, { devices: [fuse] }, (config) => {
      config.linux.devices = [{ path: '/dev/port', type: 'c', major: 4, minor: 64 }];
    });
    const known = () => guest.output(`systemctl show -p DevicePolicy -p DeviceAllow ${unit}`);
    const open = async () => (await guest.run(`sampan exec ${id} sh -c ': </dev/port'`)).status;
    expect(await known()).toMatch(/strict\n(.*\n)*DeviceAllow=\/dev\/char\/10:229 rw\n/);
    expect(await open()).toBe(1);
    const update = (devices: object[]) =>
      guest.output(
        `echo '${JSON.stringify({ devices })}' | sampan update -r - ${id}; systemctl daemon-reload`,
      );
    await update([{ ...fuse, major: 4, minor: 64 }]);
    expect(await known()).toMatch(/strict\n(.*\n)*DeviceAllow=\/dev\/char\/4:64 rw\n/);
    expect(await open()).toBe(0);
    await update([
      { allow: true, access: 'rwm' },
      { ...fuse, allow: false, major: 4, minor: 64 },
    ]);
    expect(await known()).toMatch(/^DevicePolicy=auto\n(DeviceAllow=\n)?$/);
    expect(await open()).toBe(1);
    await guest.output(`sampan delete -f ${id}`);
  });
});

inGuest('a scope of a user who logged in', 'systemd', ['root'], (promise) => {
  promise("is made and entered from a session that is not its manager's", async (guest) => {
    const bundle = await guest.bundle('exec sleep 1000', (config) => {
      config.linux.namespaces?.push({ type: 'user' });
      const ids = [{ containerID: 0, hostID: 1000, size: 1 }];
      Object.assign(config.linux, { uidMappings: ids, gidMappings: ids });
    });
    const run = `sampan --systemd-cgroup run -d -b ${bundle} logged-in`;
    const script = `${run}; sampan exec logged-in cat /proc/self/cgroup; sampan exec logged-in grep -c . /sys/fs/cgroup/cgroup.procs; sampan delete -f logged-in`;
    const user = `setpriv --reuid 1000 --regid 1000 --init-groups env -i PATH=$PATH XDG_RUNTIME_DIR=/run/user/1000`;
    const session = 'systemd-run --quiet --scope --slice user-1000.slice --unit session-77.scope';
    expect(await guest.output(`${session} ${user} sh -c '${script}'`)).toBe('0::/\n2\n');
  });
});

const LIMITS: Resources = {
  memory: { limit: 64 * MB, reservation: 32 * MB, swap: 96 * MB },
  cpu: { shares: 2048, quota: 25_250, period: 50_000, cpus: '0-1', mems: '0' },
  pids: { limit: 20 },
  blockIO: { weight: 500 },
};

const PROPERTIES = {
  MemoryMax: String(64 * MB),
  MemoryLow: String(32 * MB),
  MemorySwapMax: String(32 * MB),
  CPUWeight: '174',
  CPUQuotaPerSecUSec: '505ms',
  CPUQuotaPeriodUSec: '50ms',
  AllowedCPUs: '0-1',
  AllowedMemoryNodes: '0',
  TasksMax: '20',
  IOWeight: '4950',
};

const FILES = {
  'memory.max': String(64 * MB),
  'memory.low': String(32 * MB),
  'memory.swap.max': String(32 * MB),
  'cpu.weight': '174',
  'cpu.max': '25250 50000',
  'cpuset.cpus': '0-1',
  'cpuset.mems': '0',
  'pids.max': '20',
  'io.weight': 'default 4950',
};

async function bundleOf(
  guest: Guest,
  script: string,
  resources: Resources,
  edit: (config: BundleConfig) => void = () => {},
): Promise<string> {
  return guest.bundle(script, (config) => {
    if (Object.keys(resources).length > 0) config.linux.resources = resources;
    edit(config);
  });
}

async function edit(guest: Guest, bundle: string, script: string): Promise<void> {
  await guest.output(`sed -i '${script}' ${bundle}/config.json`);
}

/** One that runs until it is told to end. */
async function started(
  guest: Guest,
  resources: Resources = {},
  edit: (config: BundleConfig) => void = () => {},
) {
  const id = guest.newId();
  const wait = 'trap "exit 0" TERM; while :; do sleep 1; done';
  const bundle = await bundleOf(guest, wait, resources, edit);
  await guest.output(`sampan --systemd-cgroup run -d -b ${bundle} ${id}`);
  return { id, unit: `sampan-${id}.scope` };
}

function systemctl({ who }: Guest): string {
  return who === 'root' ? 'systemctl' : 'systemctl --user';
}

async function show(guest: Guest, unit: string, names: string): Promise<Record<string, string>> {
  const properties = names.replaceAll(' ', ',');
  const text = await guest.output(`${systemctl(guest)} show -p ${properties} ${unit}`);
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** The files of limits in the unit's cgroup. */
async function values(guest: Guest, unit: string): Promise<Record<string, string>> {
  const { ControlGroup } = await show(guest, unit, 'ControlGroup');
  const names = Object.keys(FILES).join(' ');
  const text = await guest.output(
    `cd /sys/fs/cgroup${ControlGroup}; for f in ${names}; do echo $f $(cat $f); done`,
  );
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
  );
}

/** Neither a unit nor a cgroup is left; systemd may take a moment to see that a cgroup is empty. */
async function gone(guest: Guest, unit: string, path: string): Promise<void> {
  const state = `${systemctl(guest)} show -p LoadState --value ${unit}`;
  const wait = `for i in $(seq 50); do [ $(${state}) = not-found ] && break; sleep 0.2; done`;
  expect((await guest.output(`${wait}; ${state}`)).trim()).toBe('not-found');
  if (path !== '') {
    expect((await guest.run(`test -e '/sys/fs/cgroup${path}'`)).status).toBe(1);
  }
}
