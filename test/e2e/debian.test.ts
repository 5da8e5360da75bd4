// A Debian root filesystem: apt-get, perl, su.

import { beforeAll, expect } from '@jest/globals';
import type { Bundle } from '../rig/bundle.js';
import { lines, printed } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';
import { canMakeDebian, debianRootfs, debianTree } from '../rig/rootfs.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

if (canMakeDebian) beforeAll(() => debianTree().then(() => {}), 300_000);

const reason = 'mmdebstrap and root are needed to make a Debian root filesystem';

bothWays('a Debian root filesystem', (promise) => {
  const debian = promise.needs(canMakeDebian, reason);

  debian('runs apt-get and dpkg', async (rig) => {
    const bundle = await debianBundle(rig);
    const [first] = await lines(rig, bundle, 'apt-get --version');
    expect(first).toMatch(/^apt \d/);
    expect(await printed(rig, bundle, "dpkg-query -W -f '${Package}\\n' dpkg")).toBe('dpkg\n');
  });

  debian('runs perl', async (rig) => {
    const bundle = await debianBundle(rig);
    bundle.runs(['perl', '-e', 'print join(",", map { $_ * 2 } 1..5), "\\n"; exit 7']);
    expect(await rig.run(bundle)).toMatchObject({ stdout: '2,4,6,8,10\n', status: 7 });
  });
});

asRoot('su in a Debian root filesystem', (promise) => {
  promise.needs(canMakeDebian, reason)('becomes another user', async (rig) => {
    await becomesNobody(rig, await debianBundle(rig));
  });

  promise.needs(canMakeDebian, reason)('becomes another user in a user namespace', async (rig) => {
    const bundle = await debianBundle(rig);
    const map = [{ containerID: 0, hostID: 0, size: 65536 }];
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'user' });
      Object.assign(linux, { uidMappings: map, gidMappings: map });
    });
    await becomesNobody(rig, bundle);
  });
});

asUser('su in a Debian root filesystem', (promise) => {
  promise.needs(canMakeDebian, reason)('becomes another user of the range', async (rig) => {
    const bundle = await debianBundle(rig);
    await becomesNobody(rig, bundle.useIdRanges());
  });
});

/** As `docker run` would have it: the capabilities that su(1) and apt-get need. */
async function debianBundle(rig: Rig): Promise<Bundle> {
  const bundle = await rig.bundle(debianRootfs);
  const needed = ['CAP_SETUID', 'CAP_SETGID', 'CAP_AUDIT_WRITE', 'CAP_CHOWN', 'CAP_DAC_OVERRIDE'];
  return bundle.edit(({ process }) => {
    process.noNewPrivileges = false;
    process.capabilities = { bounding: needed, effective: needed, permitted: needed };
  });
}

async function becomesNobody(rig: Rig, bundle: Bundle): Promise<void> {
  bundle.runs(['su', '-s', '/bin/sh', 'nobody', '-c', 'id -u; id -g; id -nG; echo $HOME']);
  const { stdout, stderr, status } = await rig.run(bundle);
  expect({ stdout, status, stderr: status === 0 ? '' : stderr }).toEqual({
    stdout: '65534\n65534\nnogroup\n/nonexistent\n',
    stderr: '',
    status: 0,
  });
}
