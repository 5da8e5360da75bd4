// Looks whether a runtime keeps one case for one identity.

import { basename } from 'node:path';
import { cgroup2Controllers } from '../rig/cgroup2.js';
import type { Runtime } from '../rig/executable.js';
import { amRoot, ordinaryUser, root, whyNoUser } from '../rig/identity.js';
import { inRig } from '../rig/in-rig.js';
import type { Rig } from '../rig/rig.js';
import type { Case, Section, Way } from './row.js';
import { Subject } from './subject.js';

/** What was found. */
export type Outcome =
  | { readonly kept: 'yes' }
  | { readonly kept: 'no' | 'untested'; readonly why: string };

/** The controllers that version 2 has here; undefined where the tests may not make that view. */
export const controllers: readonly string[] | undefined = amRoot ? cgroup2Controllers() : undefined;

/** Why a case cannot be looked at, if so. */
export function untestable(
  section: Section,
  one: Case,
  way: Way,
  runtime: Runtime,
): string | undefined {
  const disabled = runtime.options.some((option) => /cgroup.*=disabled/.test(option));
  if (section.uses === 'cgroups' && disabled) {
    return `${basename(runtime.path)} can only run without cgroups on this machine`;
  }
  if (one.lacking !== undefined) return one.lacking;
  if (way === 'user') return whyNoUser();
  return amRoot ? undefined : 'the tests do not run as root';
}

/** Throws unless the case is kept. All runtimes see a machine with cgroup version 2 only, where that can be made. */
export function check({ check, options }: Case, way: Way, runtime: Runtime): Promise<void> {
  const identity = way === 'root' ? root() : ordinaryUser();
  const view = { cgroup2: controllers !== undefined };
  const body = async (rig: Rig) => void (await check(new Subject(rig)));
  return inRig(identity, body, { ...view, ...options, runtime });
}

/** The same as a value. */
export async function tryCase(
  section: Section,
  one: Case,
  way: Way,
  runtime: Runtime,
): Promise<Outcome> {
  const why = untestable(section, one, way, runtime);
  if (why !== undefined) return { kept: 'untested', why };
  try {
    await check(one, way, runtime);
    return { kept: 'yes' };
  } catch (error) {
    return { kept: 'no', why: String(error instanceof Error ? error.message : error) };
  }
}
