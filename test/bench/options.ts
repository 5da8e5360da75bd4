// What the command line of the bench asks for.

import { parseArgs } from 'node:util';
import { type BundleName, bundleNames } from './bundles.js';

/** Parts beside the rows of the table. */
export const parts = ['memory', 'growth', 'instructions', 'phases'] as const;
export type Part = (typeof parts)[number];

export interface Options {
  readonly rounds: number;
  /** Rows and parts by name; all of them when empty. */
  readonly only: readonly string[];
  /** Peers by name; all of them when empty. */
  readonly peers: readonly string[];
  readonly bundles: readonly BundleName[];
  /** `root`, or the ordinary user's name. */
  readonly as: string | undefined;
  readonly write: boolean;
}

/** Throws for a name that there is not; `rows` and `peers` are the names that there are. */
export function readOptions(
  words: readonly string[],
  rows: readonly string[],
  peers: readonly string[],
): Options {
  const many = { type: 'string', multiple: true, default: [] as string[] } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      rounds: { type: 'string', default: '20' },
      only: many,
      peers: many,
      bundle: many,
      as: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}`);
  const bundles = chosen('--bundle', values.bundle, bundleNames);
  return {
    rounds,
    only: chosen('--only', values.only, [...rows, ...parts]),
    peers: chosen('--peers', values.peers, peers),
    bundles: bundles.length === 0 ? bundleNames : bundles,
    as: values.as,
    write: values.write,
  };
}

/** Names given one by one or with commas between; there are some with a comma. */
function chosen<T extends string>(
  flag: string,
  given: readonly string[],
  known: readonly T[],
): T[] {
  const isKnown = (name: string) => (known as readonly string[]).includes(name);
  const names = given.flatMap((text) => (isKnown(text) ? [text] : text.split(',')));
  const wrong = names.find((name) => !isKnown(name));
  if (wrong !== undefined) throw new Error(`${flag} ${wrong}: one of ${known.join(', ')}`);
  return names as T[];
}
