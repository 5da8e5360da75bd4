// Values of config.json that are longer than a 16-bit length can say.

import { expect } from '@jest/globals';
import { printed } from '../../rig/inside.js';
import { bothWays } from '../../rig/ways.js';

bothWays('lengths that a netlink attribute has no room for (CVE-2021-43784)', (promise) => {
  promise('a text of more than 64 KiB arrives whole, and nothing else with it', async (rig) => {
    const bundle = await rig.bundle();
    const long = 'x'.repeat(65_536 + 40);
    bundle.edit(({ process }) => process.env?.push(`LONG=${long}`, 'AFTER=here'));
    const script = 'echo ${#LONG} $AFTER; grep -c ^NoNewPrivs:.1 /proc/self/status; id -u';
    expect(await printed(rig, bundle, script)).toBe(`${long.length} here\n1\n0\n`);
  });

  promise('the path of a namespace that is too long is refused as a path', async (rig) => {
    const bundle = await rig.bundle();
    const path = `/proc/self/ns/net/${'../'.repeat(22_000)}`;
    bundle.edit(({ linux }) => {
      linux.namespaces = linux.namespaces.filter(({ type }) => type !== 'network');
      linux.namespaces.push({ type: 'network', path });
    });
    const { status, stderr } = await rig.run(bundle);
    expect(status).toBe(1);
    expect(stderr).toMatch(rig.identity.uid === 0 ? /name too long/ : /only root can/);
  });
});
