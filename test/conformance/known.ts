// Cases that are known not to be kept, with the reason: sampan's gaps here, of which there are none,
// and the faults of the peers in peers.ts. A case that is kept all the same is reported, so that its
// line goes.

import { crun, runc } from './peers.js';
import type { Case, Row, Way } from './row.js';
import type { RuntimeName } from './runtimes.js';

/**
 * Cases by the reason why they fail: `row › case`, with ` (root)` or ` (user)` behind it where only
 * one of the two does.
 */
export type Known = Readonly<Record<string, readonly string[]>>;

const sampan: Known = {};

const known: Record<RuntimeName, ReadonlyMap<string, string>> = {
  sampan: byCase(sampan),
  crun: byCase(crun),
  runc: byCase(runc),
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
  const of = known[name];
  return of.get(key) ?? of.get(`${key} (${way})`);
}

/** Keys that name no case: what they were about is gone or has another name. */
export function staleKeys(name: RuntimeName, rows: readonly Row[]): string[] {
  const keys = new Set(
    rows.flatMap((row) =>
      row.cases.flatMap((one) => {
        const key = `${row.name} › ${one.name}`;
        return [key, ...one.ways.map((way) => `${key} (${way})`)];
      }),
    ),
  );
  return [...known[name].keys()].filter((key) => !keys.has(key));
}

function byCase(reasons: Known): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(reasons).flatMap(([reason, keys]) => keys.map((key) => [key, reason] as const)),
  );
}
