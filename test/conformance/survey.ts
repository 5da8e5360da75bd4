// All cases of some sections against some runtimes, some at a time.

import { availableParallelism } from 'node:os';
import { knownFailure } from './known.js';
import type { Case, Row, Section, Way } from './row.js';
import { type RuntimeName, runtimeCalled } from './runtimes.js';
import { type Outcome, tryCase } from './try-case.js';

/** What was found of one case. */
export interface Finding {
  readonly section: Section;
  readonly row: Row;
  readonly one: Case;
  readonly way: Way;
  readonly runtime: RuntimeName;
  readonly outcome: Outcome;
  /** Why it was known to fail, if it was. */
  readonly known: string | undefined;
}

type Job = Omit<Finding, 'outcome'>;

/** Tries everything; `tell` is called after each case. */
export async function survey(
  sections: readonly Section[],
  runtimes: readonly RuntimeName[],
  tell: (finding: Finding) => void,
): Promise<Finding[]> {
  const jobs = sections.flatMap((section) => jobsOf(section, runtimes));
  const found: Finding[] = new Array(jobs.length);
  const queue = jobs.entries();
  const worker = async () => {
    for (const [index, job] of queue) {
      const outcome = await tryCase(job.section, job.one, job.way, runtimeCalled(job.runtime));
      found[index] = { ...job, outcome };
      tell(found[index]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return found;
}

function jobsOf(section: Section, runtimes: readonly RuntimeName[]): Job[] {
  return section.rows.flatMap((row) =>
    row.cases.flatMap((one) =>
      one.ways.flatMap((way) =>
        runtimes.map((runtime) => {
          const known = knownFailure(runtime, row, one, way);
          return { section, row, one, way, runtime, known };
        }),
      ),
    ),
  );
}
