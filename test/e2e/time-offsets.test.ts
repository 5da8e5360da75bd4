// linux.timeOffsets: other clocks than the host's in a time namespace.

import { expect } from '@jest/globals';
import { printed } from '../rig/inside.js';
import { uptime } from '../rig/leftovers.js';
import { bothWays } from '../rig/ways.js';

bothWays('time offsets', (promise) => {
  promise('move uptime and are what the kernel shows', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'time' });
      linux.timeOffsets = { boottime: { secs: 5_000_000, nanosecs: 7 }, monotonic: { secs: 77 } };
    });
    const script = 'cat /proc/self/timens_offsets; cut -d" " -f1 /proc/uptime';
    const output = (await printed(rig, bundle, script)).split('\n');
    expect(output.slice(0, 2).map((line) => line.split(/\s+/))).toEqual([
      ['monotonic', '77', '0'],
      ['boottime', '5000000', '7'],
    ]);
    const difference = Number(output[2]) - uptime();
    expect(difference).toBeGreaterThan(5_000_000 - 60);
    expect(difference).toBeLessThanOrEqual(5_000_001);
  });

  promise('may be negative', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.namespaces.push({ type: 'time' });
      linux.timeOffsets = { boottime: { secs: -1 }, monotonic: { secs: -1, nanosecs: 500 } };
    });
    const output = await printed(rig, bundle, 'tr -s " " </proc/self/timens_offsets');
    expect(output).toBe('monotonic -1 500\nboottime -1 0\n');
  });

  promise('without them a new time namespace has the time of the host', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => linux.namespaces.push({ type: 'time' }));
    const inside = Number(await printed(rig, bundle, 'cut -d" " -f1 /proc/uptime'));
    expect(Math.abs(inside - uptime())).toBeLessThan(60);
  });
});
