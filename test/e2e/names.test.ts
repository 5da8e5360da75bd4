// hostname and domainname.

import { hostname } from 'node:os';
import { expect } from '@jest/globals';
import { lines, printed } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

bothWays('names', (promise) => {
  promise('hostname and domainname are the container’s', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => {
      Object.assign(config, { hostname: 'boat.example.org', domainname: 'harbour' });
    });
    const files = ['hostname', 'domainname'].map((name) => `/proc/sys/kernel/${name}`);
    const output = await lines(rig, bundle, `hostname; uname -n; cat ${files.join(' ')}`);
    expect(output).toEqual(['boat.example.org', 'boat.example.org', 'boat.example.org', 'harbour']);
    expect(hostname()).not.toBe('boat.example.org');
  });

  promise('without them they are the host’s', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => delete config.hostname);
    expect(await printed(rig, bundle, 'hostname')).toBe(`${hostname()}\n`);
  });
});
