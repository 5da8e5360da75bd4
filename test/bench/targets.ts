// What the figures are to be, and whether they are.

import type { BundleName } from './bundles.js';
import type { Memory, Waiting } from './memory.js';
import type { OciPeer } from './peers.js';
import { median, ratio } from './statistics.js';

type Family = OciPeer['family'];

/** At most so many times what the other one takes; less than that where `below`. */
interface Bound {
  readonly family: Family;
  readonly times: number;
  readonly below?: true;
}

const fasterThanCrun: Bound = { family: 'crun', times: 1, below: true };
const launches = ['run', 'create → start → delete'];
const small: readonly Bound[] = [
  { family: 'crun', times: 1.3 },
  { family: 'runc', times: 1 },
];

/** What one row has to keep to. */
export function boundsFor(row: string, bundle: BundleName): readonly Bound[] {
  if (launches.includes(row)) {
    return [fasterThanCrun, { family: 'runc', times: bundle === 'default' ? 0.45 : 0.5 }];
  }
  if (row === 'exec') return [fasterThanCrun];
  return ['state', 'kill', 'delete'].includes(row) ? small : [];
}

/** Times of one runtime in one row. */
export interface Contender {
  readonly title: string;
  readonly family: Family | undefined;
  readonly times: readonly number[];
}

/** `met`, or each bound that is not kept; nothing where there is none, or nobody to compare with. */
export function verdict(
  bounds: readonly Bound[],
  own: readonly number[],
  others: readonly Contender[],
): string {
  const tried = bounds.flatMap((bound) =>
    others.filter(({ family }) => family === bound.family).map((other) => ({ bound, other })),
  );
  if (tried.length === 0 || own.length === 0) return '';
  return met(
    tried.flatMap(({ bound: { times, below }, other }) => {
      const found = ratio(own, other.times);
      if (below ? found < times : found <= times) return [];
      return `${found.toFixed(2)} × ${other.title}, not ${below ? '<' : '≤'} ${times}`;
    }),
  );
}

/** Of one process that stays. */
export const MOST_KIB = 1024;

export function foregroundVerdict({ rssKiB }: Memory): string {
  return met(rssKiB <= MOST_KIB ? [] : [`more than ${MOST_KIB / 1024} MB`]);
}

export function createdVerdict({ own, beside }: Waiting): string {
  return met([
    ...(beside.processes.length === 0 ? [] : [`beside it ${beside.processes.join(', ')}`]),
    ...(own.rssKiB <= MOST_KIB ? [] : [`more than ${MOST_KIB / 1024} MB`]),
  ]);
}

/** How much slower a command may be with the most containers than with the fewest. */
export const MOST_GROWTH = 1.25;

/** Times with the fewest and with the most containers. */
export type Grown = readonly [fewest: readonly number[], most: readonly number[]];

/**
 * The containers are all sampan's: where a peer, which has none of them, gets slower by as much and
 * adds as many milliseconds, it is the kernel that does.
 */
export function growthVerdict(own: Grown, peers: Readonly<Record<string, Grown>>): string {
  const found = factor(own);
  if (found <= MOST_GROWTH) return 'met';
  const alike = Object.entries(peers).find(
    ([, peer]) => factor(peer) >= found && added(peer) >= added(own),
  );
  if (alike === undefined) return met([`${found.toFixed(2)} ×, not ≤ ${MOST_GROWTH}`]);
  return `the kernel's: ${factor(alike[1]).toFixed(2)} for ${alike[0]}, which has none of them`;
}

const factor = ([fewest, most]: Grown) => ratio(most, fewest);
const added = ([fewest, most]: Grown) => median(most) - median(fewest);

function met(misses: readonly string[]): string {
  return misses.length === 0 ? 'met' : `**missed**: ${misses.join('; ')}`;
}
