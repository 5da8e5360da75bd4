// Promises: tests with a rig of their own that also check that nothing is left behind.

import { describe } from '@jest/globals';
import { amRoot, type Identity, ordinaryUser, root, whyNoUser } from './identity.js';
import { type Body, inRig } from './in-rig.js';
import { type Declare, needs } from './needs.js';
import type { RigOptions } from './rig.js';
import { patience } from './sanitizer.js';

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
export function asRoot(
  title: string,
  declare: (promise: Promises) => void,
  options: RigOptions = {},
): void {
  const lacking = amRoot ? undefined : 'the tests do not run as root';
  describe(`${title}, as root`, () => declare(promises(root, lacking, options)));
}

/** Promises kept for an ordinary user. */
export function asUser(
  title: string,
  declare: (promise: Promises) => void,
  options: RigOptions = {},
): void {
  const declared = () => declare(promises(ordinaryUser, whyNoUser(), options));
  describe(`${title}, as an ordinary user`, declared);
}

/** Promises kept for somebody else, whom only root can be. */
export function asOther(
  title: string,
  identity: Identity,
  declare: (promise: Promises) => void,
  options: RigOptions = {},
): void {
  const lacking = amRoot ? whyNoUser() : 'the tests do not run as root';
  describe(title, () => declare(promises(() => identity, lacking, options)));
}

/** Promises kept for both. */
export function bothWays(
  title: string,
  declare: (promise: Promises) => void,
  options: RigOptions = {},
): void {
  asRoot(title, declare, options);
  asUser(title, declare, options);
}

/** Promises kept for both, here and without all that Linux 5.3 does not have. */
export function onAnyKernel(title: string, declare: (promise: Promises) => void): void {
  bothWays(title, declare);
  bothWays(`${title}, on an older kernel`, declare, { without: NEWER_CALLS });
}

/** The newest calls that sampan uses and can do without (programs/older-kernel.cc). */
export const NEWER_CALLS = [
  'openat2',
  'clone3',
  'close_range',
  'mount_setattr',
  'fsopen',
  'move_mount',
  'open_tree',
  'setns-many',
];

/** Milliseconds; a test does a dozen commands of some 50 ms, and some machines are slow. */
const limit = 60_000 * patience;

/** Declares with `test` or `needs`, whatever the way itself lacks coming first. */
function promises(
  identity: () => Identity,
  lacking: string | undefined,
  common: RigOptions,
): Promises {
  const way = (condition: boolean, reason: string) => {
    const declare = needs('e2e', lacking === undefined && condition, lacking ?? reason);
    return (name: string, body: Body, options?: RigOptions) =>
      keep(declare, name, identity, body, { ...common, ...options });
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
