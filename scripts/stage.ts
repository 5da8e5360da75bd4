// Runs the stages of a check one after the other, all of them, and says how each went.

import { spawnSync } from 'node:child_process';

/** One stage that has run. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/** Runs a function that returns whether all is well. */
export async function timed(name: string, run: () => Promise<boolean>): Promise<Outcome> {
  console.error(`\n== ${name}`);
  const start = performance.now();
  const ok = await run();
  return { name, ok, seconds: (performance.now() - start) / 1000 };
}

/** Runs a command with its output shown. */
export function stage(name: string, command: string, args: string[], env = {}): Outcome {
  console.error(`\n== ${name}`);
  const start = performance.now();
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${name}: ${error.message}`);
  return { name, ok: status === 0, seconds: (performance.now() - start) / 1000 };
}

/** Prints one line for each stage; the result is the exit status. */
export function report(outcomes: readonly Outcome[]): number {
  console.error('');
  for (const { name, ok, seconds } of outcomes) {
    console.error(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  }
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}
