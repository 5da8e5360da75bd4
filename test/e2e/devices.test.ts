// Default devices and links in /dev, and those of linux.devices.

import { expect } from '@jest/globals';
import { lines, printed } from '../rig/inside.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

/** Major and minor numbers in hexadecimal, as stat(1) prints them. */
const defaults: Record<string, string> = {
  null: '1:3',
  zero: '1:5',
  full: '1:7',
  random: '1:8',
  urandom: '1:9',
  tty: '5:0',
};

bothWays('default devices', (promise) => {
  promise('are character devices of the right numbers, open to all', async (rig) => {
    const bundle = await rig.bundle();
    const names = Object.keys(defaults).map((name) => `/dev/${name}`);
    const output = await lines(rig, bundle, `stat -c '%n %F %t:%T %a' ${names.join(' ')}`);
    expect(output).toEqual(
      Object.entries(defaults).map(
        ([name, numbers]) => `/dev/${name} character special file ${numbers} 666`,
      ),
    );
  });

  promise('work', async (rig) => {
    const bundle = await rig.bundle();
    const script = [
      'echo gone >/dev/null; wc -c </dev/null',
      'head -c 3 /dev/zero | wc -c',
      'echo x >/dev/full || echo full',
      'head -c 5 /dev/urandom | wc -c; head -c 5 /dev/random | wc -c',
    ];
    expect(await lines(rig, bundle, `{ ${script.join('; ')}; } 2>/dev/null`)).toEqual([
      ...['0', '3', 'full', '5', '5'],
    ]);
  });

  promise('the links of the specification are there', async (rig) => {
    const bundle = await rig.bundle();
    const names = ['fd', 'stdin', 'stdout', 'stderr', 'ptmx'];
    const output = await lines(
      rig,
      bundle,
      `cd /dev; for n in ${names.join(' ')}; do readlink $n; done`,
    );
    expect(output).toEqual([
      '/proc/self/fd',
      '/proc/self/fd/0',
      '/proc/self/fd/1',
      '/proc/self/fd/2',
      'pts/ptmx',
    ]);
  });

  promise('nothing else is in /dev', async (rig) => {
    const output = await lines(rig, await rig.bundle(), 'ls /dev');
    expect(output).toEqual(
      [
        ...Object.keys(defaults),
        ...['fd', 'mqueue', 'ptmx', 'pts', 'shm', 'stderr', 'stdin', 'stdout'],
      ].toSorted(),
    );
  });

  promise('standard output can be opened again through its link', async (rig) => {
    const bundle = await rig.bundle();
    expect(await printed(rig, bundle, 'echo out >/dev/stdout')).toBe('out\n');
    expect((await rig.run(bundle.runs('echo err >/dev/stderr'))).stderr).toContain('err\n');
  });

  promise('a fifo of linux.devices is made with its mode', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.devices = [{ type: 'p', path: '/dev/pipe', fileMode: 0o640 }];
    });
    expect(await printed(rig, bundle, "stat -c '%F %a' /dev/pipe")).toBe('fifo 640\n');
  });
});

asRoot('devices of the configuration', (promise) => {
  promise('are made with numbers, mode and owner', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      const device = { type: 'c', path: '/dev/deep/own', major: 1, minor: 5 } as const;
      linux.devices = [{ ...device, fileMode: 0o604, uid: 3, gid: 4 }];
    });
    const script = "stat -c '%F %t:%T %a %u:%g' /dev/deep/own; head -c 2 /dev/deep/own | wc -c";
    expect(await lines(rig, bundle, script)).toEqual(['character special file 1:5 604 3:4', '2']);
  });

  promise('may be of each type, anywhere, with rw for all where no mode is given', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.devices = [
        { type: 'b', path: '/dev/block', major: 240, minor: 5 },
        { type: 'u', path: '/srv/of/mine/unbuffered', major: 241, minor: 6 },
        { type: 'p', path: '/tmp/pipe' },
      ];
    });
    const script = "stat -c '%F %t:%T %a %u:%g' /dev/block /srv/of/mine/unbuffered /tmp/pipe";
    expect(await lines(rig, bundle, script)).toEqual([
      'block special file f0:5 666 0:0',
      'character special file f1:6 666 0:0',
      'fifo 0:0 666 0:0',
    ]);
  });

  promise('are an error where another file is, and fine where they are already', async (rig) => {
    const bundle = await rig.bundle();
    await rig.execute(['mknod', `${bundle.rootfs}/there`, 'c', '240', '1']);
    const at = (path: string) =>
      bundle.edit(({ linux }) => {
        linux.devices = [{ type: 'c', path, major: 240, minor: 1 }];
      });
    expect((await rig.run(at('/there'))).status).toBe(0);
    for (const path of ['/etc/passwd', '/tmp', '/bin/sh']) {
      const { status, stderr } = await rig.run(at(path));
      expect(status).toBe(1);
      expect(stderr).toMatch(/make device .*another file is there.*\/linux\/devices\/0/);
    }
  });

  promise('replace a default of the same path', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.devices = [{ type: 'c', path: '/dev/full', major: 1, minor: 5, fileMode: 0o600 }];
    });
    expect(await printed(rig, bundle, "stat -c '%t:%T %a' /dev/full")).toBe('1:5 600\n');
  });
});

asUser('devices of the configuration', (promise) => {
  promise('are bound from the host', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.devices = [{ type: 'c', path: '/dev/zero', major: 1, minor: 5 }];
    });
    expect(await printed(rig, bundle, "stat -c '%t:%T' /dev/zero")).toBe('1:5\n');
  });

  promise('must be the device of that name on the host', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.devices = [{ type: 'c', path: '/dev/zero', major: 1, minor: 3 }];
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(/bind device \/dev\/zero.*not the device.*\/linux\/devices\/0/);
  });
});
