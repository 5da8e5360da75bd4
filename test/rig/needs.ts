// Tests that need something of the machine: they skip with the reason, or fail where it must be there.

import { test } from '@jest/globals';
import { whyNotSanitized } from './not-sanitized.js';

/** What jest's `test` takes. */
export type TestBody = () => void | Promise<void>;
/** Declares one test. */
export type Declare = (name: string, body: TestBody, timeout?: number) => void;

/** Suites whose tests must not skip: `SAMPAN_MUST_RUN=e2e,clients,vm`. */
const mustRun = new Set((process.env['SAMPAN_MUST_RUN'] ?? '').split(',').filter(Boolean));

/**
 * `test` if `condition` holds. Otherwise the test is skipped with `reason` in its name (the reporter
 * in scripts/skip-reporter.mjs counts these), or fails with it when `suite` must run.
 */
export function needs(suite: string, condition: boolean, reason: string): Declare {
  if (condition) return unlessSanitized;
  if (!mustRun.has(suite)) {
    return (name, body) => test.skip(`${name} [skipped: ${reason}]`, body);
  }
  return (name) =>
    test(name, () => {
      throw new Error(`SAMPAN_MUST_RUN names ${suite}, but this cannot run here: ${reason}`);
    });
}

/** `test` but for what cannot pass with the sanitizers. */
function unlessSanitized(name: string, body: TestBody, timeout?: number): void {
  const why = whyNotSanitized(name);
  if (why === undefined) test(name, body, timeout);
  else test.skip(`${name} [skipped: ${why}]`, body);
}
