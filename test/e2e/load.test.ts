// A little of `npm run load`: many containers, and commands that are killed or compete.

import { expect } from '@jest/globals';
import { allAtOnce, livesAtOnce, oneAfterTheOther } from '../load/crowds.js';
import type { Finding } from '../load/finding.js';
import { kills } from '../load/kills.js';
import { race } from '../load/races.js';
import { Random } from '../load/random.js';
import { recycledPids, whyNoRecycling } from '../load/recycled.js';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import { amRoot, type Identity, ordinaryUser, root, whyNoUser } from '../rig/identity.js';
import { asRoot, asUser, bothWays, type Promises } from '../rig/ways.js';

/** The first seed is another each time; a failure shows it. */
const seed = Date.now() % 1_000_000;

function allKept(findings: readonly Finding[]): void {
  const faults = findings.filter(({ broken, left }) => broken.length + left.length > 0);
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  // Else this would show nothing.
  expect(findings.every(({ count }) => count > 0)).toBe(true);
}

bothWays('containers', (promise) => {
  promise('20 one after the other are made and removed', async (rig) => {
    allKept(await oneAfterTheOther(rig, 20));
  });

  promise('10 at once are made, run together and are removed', async (rig) => {
    allKept(await allAtOnce(rig, 10));
  });

  promise('20 commands killed at random leave what delete --force removes', async (rig) => {
    const { finding, traces } = await kills(rig, 20, new Random(seed));
    allKept([finding]);
    expect(traces).toHaveLength(20);
  });

  promise('of 20 commands at once on one id exactly the lawful succeed', async (rig) => {
    allKept(await race(rig, 1, 20, new Random(seed)));
  });
});

asRoot('containers in cgroups', (promise) => {
  const has = cgroup2Controllers() !== undefined;
  promise.needs(has, 'no view of a pure cgroup2 can be made here')(
    '10 come and go below one cgroup',
    async (rig) => allKept(await livesAtOnce(rig, 10, true)),
    { cgroup2: true },
  );
});

function recycled(identity: () => Identity): (promise: Promises) => void {
  return (promise) => {
    const why = whyNoUser() ?? whyNoRecycling(identity());
    promise.needs(why === undefined, why ?? '')(
      'is never signalled when another process has got it',
      async (rig) => allKept([await recycledPids(rig, 4)]),
    );
  };
}

asRoot('the pid of a container', recycled(amRoot ? root : ordinaryUser));
asUser('the pid of a container', recycled(ordinaryUser));
