// Users, groups and capabilities are those that were asked for, and no others.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { detached, printed } from '../../rig/inside.js';
import { onlyLine, refusal } from '../../rig/refusal.js';
import { asRoot, bothWays } from '../../rig/ways.js';

const sets = "sed -n 's/^Cap\\(...\\):\\t/\\1 /p' /proc/self/status";
/** CAP_NET_RAW. */
const NET_RAW = 1n << 13n;

/** The sets of a process by name: `Inh`, `Prm`, `Eff`, `Bnd`, `Amb`. */
function parseSets(text: string): Record<string, bigint> {
  const lines = text.trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, 3), BigInt(`0x${line.slice(4).trim()}`)]),
  );
}

bothWays('CVE-2022-29162, CVE-2022-27650, CVE-2025-27612: inheritable capabilities', (promise) => {
  promise('stay empty in a container', async (rig) => {
    const bundle = await rig.bundle();
    const caps = parseSets(await printed(rig, bundle, sets));
    expect(caps).toMatchObject({ Inh: 0n, Amb: 0n, Eff: caps['Prm'] });
  });

  promise('stay empty with exec --cap, which gives just that one more', async (rig) => {
    const bundle = await rig.bundle();
    const { id, remove } = await detached(rig, bundle);
    const caps = async (...flags: string[]) =>
      parseSets((await rig.command(['exec', ...flags, id, 'sh', '-c', sets])).stdout);
    const plain = await caps();
    expect(plain).toMatchObject({ Inh: 0n, Amb: 0n });
    const more = (plain['Prm'] ?? 0n) | NET_RAW;
    expect(await caps('--cap', 'CAP_NET_RAW')).toEqual({
      ...{ Inh: 0n, Amb: 0n, Prm: more, Eff: more },
      Bnd: (plain['Bnd'] ?? 0n) | NET_RAW,
    });
    await remove();
  });
});

asRoot('CVE-2022-29162: inheritable capabilities of another user', (promise) => {
  promise('are not given by exec --user --cap', async (rig) => {
    const bundle = await rig.bundle();
    const { id, remove } = await detached(rig, bundle);
    const line = ['exec', '--user', '1000', '--cap', 'CAP_NET_RAW', id, 'sh', '-c', sets];
    expect(parseSets((await rig.command(line)).stdout)).toMatchObject({ Inh: 0n, Amb: 0n });
    await remove();
  });
});

const badUsers = [
  '1x',
  'x1',
  '',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '0x10',
  '1e3',
  '01:',
  ':1',
  '1:',
  '1:2:3',
];
const tooLarge = ['4294967295', '4294967296', '4294968296', '18446744073709551616', '1:4294967296'];

bothWays('CVE-2026-30892: a user that is not quite a number', (promise) => {
  promise('is refused by exec --user, and never taken for another', async (rig) => {
    const bundle = await rig.bundle();
    const { id, remove } = await detached(rig, bundle);
    for (const user of [...badUsers, ...tooLarge]) {
      const ran = await rig.command(['exec', `--user=${user}`, id, 'id', '-u']);
      expect({ user, status: ran.status }).toEqual({ user, status: 255 });
      expect(onlyLine(ran)).toMatch(/--user: .*expected UID\[:GID\]/);
    }
    await remove();
  });
});

bothWays('CVE-2024-40635: a user beyond 32 bits', (promise) => {
  promise('is refused and does not come out as root', async (rig) => {
    const bundle = await rig.bundle();
    for (const id of [-1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1000, 2 ** 53, 1.5, 1e30]) {
      for (const name of ['uid', 'gid']) {
        bundle.edit(({ process }) =>
          Object.assign(process, { user: { uid: 0, gid: 0, [name]: id } }),
        );
        const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
        expect(line).toContain(`[config.json /process/user/${name}]`);
      }
      bundle.edit(({ process }) => {
        process.user = { uid: 0, gid: 0, additionalGids: [id] };
      });
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toContain('[config.json /process/user/additionalGids/0]');
    }
  });
});

asRoot('CVE-2024-40635: the largest users that there are', (promise) => {
  promise('are themselves', async (rig) => {
    const bundle = await rig.bundle();
    for (const uid of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2]) {
      bundle.edit(({ process }) => Object.assign(process, { user: { uid, gid: uid } }));
      expect(await printed(rig, bundle, 'id -u; id -g')).toBe(`${uid}\n${uid}\n`);
    }
  });
});

asRoot('CVE-2016-3697: a number as a name in the image’s passwd', (promise) => {
  promise('gives nobody another number', async (rig) => {
    const bundle = await rig.bundle();
    const root = 'root:x:0:0::/:/bin/sh\n';
    writeFileSync(join(bundle.rootfs, 'etc/passwd'), `1000:x:0:0::/:/bin/sh\n${root}`);
    writeFileSync(join(bundle.rootfs, 'etc/group'), '1000:x:0:\nroot:x:0:\n');
    bundle.edit(({ process }) => Object.assign(process, { user: { uid: 1000, gid: 1000 } }));
    expect(await printed(rig, bundle, 'id -u; id -g; id -G')).toBe('1000\n1000\n1000\n');
    const { id, remove } = await detached(rig, bundle);
    const ran = await rig.command(['exec', '--user', '1000:1000', id, 'id', '-u']);
    expect(ran.stdout).toBe('1000\n');
    await remove();
  });
});
