// Promises: tests with a rig of their own that also check that nothing is left behind.

import { describe } from '@jest/globals';
import { amRoot, type Identity, ordinaryUser, root, whyNoUser } from './identity.js';
import { type Body, inRig } from './in-rig.js';
import { type Declare, needs } from './needs.js';
import type { RigOptions } from './rig.js';

/** Declares promises. */
export interface Promises {
  (name: string, body: Body, options?: RigOptions): void;
  /** The same where `condition` holds; else skipped with `reason`. */
  needs(
    condition: boolean,
    reason: string,
  ): (name: string, body: Body, options?: RigOptions) => void;
}

/** Promises kept for root. */
export function asRoot(title: string, declare: (promise: Promises) => void): void {
  const lacking = amRoot ? undefined : 'the tests do not run as root';
  describe(`${title}, as root`, () => declare(promises(root, lacking)));
}

/** Promises kept for an ordinary user. */
export function asUser(title: string, declare: (promise: Promises) => void): void {
  describe(`${title}, as an ordinary user`, () => declare(promises(ordinaryUser, whyNoUser())));
}

/** Promises kept for both. */
export function bothWays(title: string, declare: (promise: Promises) => void): void {
  asRoot(title, declare);
  asUser(title, declare);
}

/** Milliseconds; a test does a dozen commands of some 50 ms, and some machines are slow. */
const limit = 60_000;

/** Declares with `test` or `needs`, whatever the way itself lacks coming first. */
function promises(identity: () => Identity, lacking: string | undefined): Promises {
  const way = (condition: boolean, reason: string) => {
    const declare = needs('e2e', lacking === undefined && condition, lacking ?? reason);
    return (name: string, body: Body, options?: RigOptions) =>
      keep(declare, name, identity, body, options);
  };
  return Object.assign(way(true, ''), { needs: way });
}

function keep(
  declare: Declare,
  name: string,
  identity: () => Identity,
  body: Body,
  options?: RigOptions,
): void {
  declare(name, () => inRig(identity(), body, options), limit);
}
