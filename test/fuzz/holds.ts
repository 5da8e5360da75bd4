// Properties that are tried on random values: a while with every run of the tests, as long as asked for
// by `npm run fuzz`. A failure names the seed and the smallest value that was found.

import { test } from '@jest/globals';
import fc from 'fast-check';

/** Of the whole file, set by `npm run fuzz`. */
const seconds = Number(process.env['SAMPAN_FUZZ_SECONDS'] ?? 0);
const seed = Number(process.env['SAMPAN_FUZZ_SEED'] ?? Date.now() % 2 ** 31);

/** The same each time, so that what has been reached once stays so. */
const FIXED_SEED = 20261121;
const ROUNDS = 200;

let declared = 0;

/** Declares a promise about every value of a kind; `rounds` of them are tried with every run of the tests. */
export function holds<T>(
  promise: string,
  values: fc.Arbitrary<T>,
  check: (value: T) => void,
  rounds = ROUNDS,
): void {
  declared += 1;
  const property = fc.property(values, (value) => check(value));
  const title = seconds > 0 ? `${promise} (seed ${seed})` : promise;
  test(
    title,
    () => {
      for (const parameters of plan(rounds)) fc.assert(property, parameters);
    },
    120_000 + seconds * 1000,
  );
}

interface Plan {
  readonly seed: number;
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
}

function plan(rounds: number): Plan[] {
  if (seconds === 0) {
    return [
      { seed: FIXED_SEED, numRuns: rounds },
      { seed, numRuns: rounds },
    ];
  }
  const interruptAfterTimeLimit = (seconds * 1000) / declared;
  return [{ seed, numRuns: Number.POSITIVE_INFINITY, interruptAfterTimeLimit }];
}

/** Texts of these pieces: nearly right ones, which is where parsers go wrong. */
export function textOf(...pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { arbitrary: fc.constantFrom(...pieces), weight: 9 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 2 }), weight: 1 },
  );
  return fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
}

/** What `act` gives, or an error of the class `expected`; any other is thrown on. */
export function orError<T, E extends Error>(
  act: () => T,
  expected: new (...args: never[]) => E,
): T | E {
  try {
    return act();
  } catch (error) {
    if (error instanceof expected) return error;
    throw error;
  }
}
