// Cases that are known not to be kept, with the reason: sampan's gaps, which must become fewer, and
// the faults of the peers as Debian 12 has them (crun 1.8.1, runc 1.1.5). A case that is kept all the
// same is reported, so that its line goes.

import type { Case, Row, Way } from './row.js';
import type { RuntimeName } from './runtimes.js';

/** By `row › case`, with ` (root)` or ` (user)` where only one of the two fails. */
const known: Record<RuntimeName, Readonly<Record<string, string>>> = {
  sampan: {},
  crun: {},
  runc: {},
};

/** Why `name` is known to fail a case; undefined if it should not. */
export function knownFailure(
  name: RuntimeName | undefined,
  row: Row,
  one: Case,
  way: Way,
): string | undefined {
  if (name === undefined) return undefined;
  const key = `${row.name} › ${one.name}`;
  return known[name][key] ?? known[name][`${key} (${way})`];
}

/** All keys of a runtime, to see that each names a case. */
export function knownKeys(name: RuntimeName): string[] {
  return Object.keys(known[name]);
}
