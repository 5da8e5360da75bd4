// An ordinary user's container whose config.json has no user namespace: it gets one.

import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Bundle, BundleConfig } from '../rig/bundle.js';
import { numericUser, ordinaryUser } from '../rig/identity.js';
import { detached, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { asOther, asUser } from '../rig/ways.js';

const maps = 'cat /proc/self/uid_map /proc/self/gid_map';

/** The configuration that `sampan spec` writes for root. */
async function rootsBundle(rig: Rig): Promise<Bundle> {
  const bundle = await rig.bundle();
  await rig.execute(['rm', bundle.configPath]);
  await rig.command(['spec'], { cwd: bundle.path });
  return bundle.edit(({ process }) => {
    process.terminal = false;
  });
}

function numbers(text: string): number[][] {
  const rows = text.trimEnd().split('\n');
  return rows.map((row) => row.trim().split(/\s+/).map(Number));
}

asUser('the configuration for root', (promise) => {
  promise('runs with all ids that the user has been given', async (rig) => {
    const { uid, gid, subuid, subgid } = rig.identity;
    const bundle = await rootsBundle(rig);
    expect(numbers(await printed(rig, bundle, maps))).toEqual([
      [0, uid, 1],
      [1, subuid?.first, subuid?.count],
      [0, gid, 1],
      [1, subgid?.first, subgid?.count],
    ]);
  });

  promise('makes the user who calls the user of the process', async (rig) => {
    const { uid, subuid } = rig.identity;
    const bundle = (await rootsBundle(rig)).edit(({ process, root }) => {
      process.user = { uid: 1000, gid: 1000, additionalGids: [5] };
      root.readonly = false;
    });
    const text = await printed(rig, bundle, 'cat /proc/self/uid_map; id -G; touch /mine');
    const first = subuid?.first ?? 0;
    expect(numbers(text)).toEqual([
      [0, first, 1000],
      [1000, uid, 1],
      [1001, first + 1000, (subuid?.count ?? 0) - 1000],
      [1000, 5],
    ]);
    const { stdout } = await rig.execute(['stat', '-c', '%u', `${bundle.rootfs}/mine`]);
    expect(stdout).toBe(`${uid}\n`);
  });

  promise('is told by explain to have been given one, with the reason', async (rig) => {
    const bundle = await rootsBundle(rig);
    const { stdout } = await rig.command(['explain', '--bundle', bundle.path]);
    expect(stdout).toMatch(
      /write-id-maps +helper, uid 0=\d+\+1,1=\d+\+\d+.*\[default user namespace of a caller without privileges\]/,
    );
    expect(stdout).not.toContain('warning:');
  });

  promise('is entered by exec, and is the one that is kept', async (rig) => {
    const { id, remove } = await detached(rig, await rootsBundle(rig));
    const { stdout } = await rig.command(['exec', '--user', '7:8', id, 'sh', '-c', `id; ${maps}`]);
    expect(stdout).toContain('uid=7 gid=8');
    expect(numbers(stdout).length).toBe(5);
    const kept = JSON.parse(readFileSync(`${rig.stateDirectory}/${id}/config.json`, 'utf8'));
    expect(kept.linux.namespaces).toContainEqual({ type: 'user' });
    await remove();
  });
});

asUser(
  'a user with ranges by number, and one that has been given twice',
  (promise) => {
    promise('has each id once', async (rig) => {
      const text = await printed(rig, await rootsBundle(rig), maps);
      const { uid, gid } = rig.identity;
      expect(numbers(text)).toEqual([
        [0, uid, 1],
        [1, 300000, 10],
        [11, 400000, 20],
        [0, gid, 1],
        [1, 500000, 10],
      ]);
    });
  },
  {
    files: {
      '/etc/subuid':
        'other:200000:10\n1001:300000:10\nsampan-test:300005:3\nsampan-test:400000:20\n',
      '/etc/subgid': 'sampan-test:500000:10\n',
    },
  },
);

for (const [title, files] of [
  ['neither users nor groups', { '/etc/subuid': '', '/etc/subgid': '' }],
  ['groups only', { '/etc/subuid': 'other:100000:65536\n' }],
] as const) {
  asUser(
    `a user who has been given ${title}`,
    (promise) => {
      promise('has a container with its own ids alone', async (rig) => {
        const { uid, gid } = rig.identity;
        const text = await printed(
          rig,
          await rootsBundle(rig),
          `${maps}; cat /proc/self/setgroups`,
        );
        expect(text.replace(/ +/g, ' ')).toBe(` 0 ${uid} 1\n 0 ${gid} 1\ndeny\n`);
      });

      promise('is told how to get more where more are needed', async (rig) => {
        const bundle = (await rootsBundle(rig)).edit(({ process }) => {
          process.user = { uid: 1000, gid: 0 };
        });
        const { status, stderr } = await rig.run(bundle);
        expect(status).toBe(1);
        expect(stderr).toMatch(
          /uid 1000 is not mapped .*\/etc\/subuid grants sampan-test none.* \[config.json \/process\/user\/uid\]; as root: echo sampan-test:\d{6}:65536 \| tee -a \/etc\/subuid \/etc\/subgid/,
        );
      });
    },
    { files },
  );
}

/** As after newgrp(1). */
const user = ordinaryUser();
const prefix = user.prefix.map((word) => word.replace(/^--regid=.*/, '--regid=5'));
const otherGroup = { ...user, gid: 5, prefix };

asOther('a user in another group than that of the login', otherGroup, (promise) => {
  promise('has a container with its own ids alone', async (rig) => {
    expect(numbers(await printed(rig, await rootsBundle(rig), maps))).toEqual([
      [0, user.uid, 1],
      [0, 5, 1],
    ]);
  });

  promise('is told why it cannot have more', async (rig) => {
    const { status, stderr } = await rig.run((await rootsBundle(rig)).useIdRanges().edit(withUser));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /newuidmap works for members of their login group, \d+, and .* is in 5 /,
    );
  });
});

asOther('a user without a name', numericUser(12345), (promise) => {
  promise('has a container with its own ids alone', async (rig) => {
    const text = await printed(rig, await rootsBundle(rig), maps);
    expect(numbers(text)).toEqual([
      [0, 12345, 1],
      [0, 12345, 1],
    ]);
  });

  promise('is told why it cannot have more', async (rig) => {
    const bundle = (await rootsBundle(rig)).edit(({ process }) => {
      process.user = { uid: 1000, gid: 0 };
    });
    expect((await rig.run(bundle)).stderr).toMatch(
      /getent passwd 12345 knows none .*useradd --uid 12345 NAME/,
    );
  });
});

function withUser({ linux }: BundleConfig): void {
  linux.namespaces.push({ type: 'user' });
}
