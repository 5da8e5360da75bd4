// Commands that are killed at any moment of their work.

import type { Bundle } from '../rig/bundle.js';
import { remove } from '../rig/inside.js';
import type { Rig } from '../rig/rig.js';

/**
 * `count` moments from the start of a command that takes `took` milliseconds until after its end, and
 * later ones until it `ended` by itself: the machine may have become slower.
 */
export function* moments(took: number, count: number, ended = () => true): Generator<number> {
  const last = took * 1.2;
  for (let i = 0; i < count; i++) yield (i * last) / (count - 1);
  for (let late = last * 1.15; !ended(); late *= 1.15) yield late;
}

/** How long create takes here, in milliseconds; the container is removed. */
export async function timeOfCreate(rig: Rig, bundle: Bundle): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const { id } = await rig.create(bundle);
    times.push(performance.now() - start);
    await remove(rig, id);
  }
  return Math.min(...times);
}

/** Kills a command after `delay` milliseconds; how far it had come. */
export async function killed(rig: Rig, args: readonly string[], delay: number): Promise<string> {
  const running = rig.start(args);
  await pause(delay);
  running.signal('SIGKILL');
  const { status } = await running.ended;
  return status === 0 ? 'finished' : 'killed';
}

/** Sleeps for a part of a millisecond, too. */
async function pause(ms: number): Promise<void> {
  const end = performance.now() + ms;
  if (ms > 2) await new Promise((resolve) => setTimeout(resolve, ms - 2));
  while (performance.now() < end) await new Promise(setImmediate);
}

/** What `delete --force` has to remove, in words. */
export function kindsLeft(rig: Rig): string {
  return [...new Set(rig.leftovers().map(({ kind }) => kind))].sort().join(' and ') || 'nothing';
}
