// Mounts in the rows: to ask for one, and to find it again.

import type { SeenMount } from '../rig/probe.js';
import { withMount } from './changes.js';
import type { Change } from './subject.js';

/** A tmpfs on `destination`. */
export function tmpfs(destination: string, options: readonly string[] = []): Change {
  return withMount({ destination, type: 'tmpfs', source: 'tmpfs', options });
}

/** A bind mount of a path of the host. */
export function bind(
  destination: string,
  source: string,
  options: readonly string[] = ['bind'],
  more: Readonly<Record<string, unknown>> = {},
): Change {
  return withMount({ destination, type: 'bind', source, options, ...more });
}

/** What lies on top at `target`; throws when nothing is mounted there. */
export function at({ mounts }: { readonly mounts: readonly SeenMount[] }, target: string) {
  const found = mounts.filter((mount) => mount.target === target).at(-1);
  if (found !== undefined) return found;
  throw new Error(`nothing is mounted on ${target}: ${mounts.map((mount) => mount.target)}`);
}
