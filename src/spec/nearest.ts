// The known name a mistyped one probably stands for.

/**
 * The one of `known` that ends in `name` after an underscore (`KILL` for `CAP_KILL`), the closest to
 * it, ignoring case, or else the only one that `name` abbreviates; undefined if none is close.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  return endingIn(name, names) ?? closest(name, names) ?? abbreviated(name, names);
}

/** The closest of `known` that is one edit away, for names among which there are other right ones. */
export function nearestByOne(name: string, known: Iterable<string>): string | undefined {
  return closest(name, [...known], 1);
}

function endingIn(name: string, known: readonly string[]): string | undefined {
  const end = `_${name.toLowerCase()}`;
  return known.find((candidate) => candidate.toLowerCase().endsWith(end));
}

function closest(
  name: string,
  known: readonly string[],
  limit = name.length < 5 ? 1 : name.length < 9 ? 2 : 3,
): string | undefined {
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const steps = distance(name.toLowerCase(), candidate.toLowerCase());
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

function abbreviated(name: string, known: readonly string[]): string | undefined {
  // Three letters say too little.
  if (name.length < 4) return undefined;
  const found = known.filter((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

/** `, did you mean "…"?` or nothing. */
export function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : `, did you mean "${name}"?`;
}

/** Edits between two words: insert, delete, replace, or swap neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replace, at(last, j) + 1, at(row, j - 1) + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
