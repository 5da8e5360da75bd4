// A jest reporter that says, after all tests, how many passed, failed and were skipped, and lists
// the reason of each skip and how often it applied.

/** Separates a skipped test's name from the reason (test/rig/needs.ts writes it). */
const marker = / \[skipped: (.*)\]$/;

export default class SkipReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/reporters').AggregatedResult} results
   */
  onRunComplete(_contexts, results) {
    /** @type {Map<string, string[]>} */
    const byReason = new Map();
    for (const { testResults } of results.testResults) {
      for (const { status, fullName } of testResults) {
        if (status !== 'pending' && status !== 'todo') continue;
        const reason = marker.exec(fullName)?.[1] ?? 'no reason given';
        byReason.set(reason, [...(byReason.get(reason) ?? []), fullName.replace(marker, '')]);
      }
    }
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = results;
    const skipped = numPendingTests + numTodoTests;
    console.error(`\n${numPassedTests} passed, ${numFailedTests} failed, ${skipped} skipped`);
    for (const [reason, names] of byReason) {
      console.error(`  ${names.length} × ${reason}`);
      for (const name of names) console.error(`      ${name}`);
    }
  }
}
