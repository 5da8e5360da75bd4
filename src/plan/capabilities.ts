// Capability sets as bit sets (capabilities(7), config.md#linux-process).

import { CAPABILITY_NAMES } from '../spec/rules/capabilities.js';
import { CLONE } from './flags.js';
import { has } from './namespaces.js';
import type { Situation } from './situation.js';
import type { InitStep, Origin } from './steps.js';

/** The five sets, as written but for what the kernel would refuse. */
export interface CapabilitySets {
  readonly bounding: CapabilityList;
  readonly effective: CapabilityList;
  readonly permitted: CapabilityList;
  readonly inheritable: CapabilityList;
  readonly ambient: CapabilityList;
}

/** More names than this are not listed one by one. */
const SEVERAL = 4;

type CapabilityList = readonly number[];
type SetName = keyof CapabilitySets;

/** Reads `process.capabilities`. Absent means none at all, as in runc; what cannot be had is noted. */
export function capabilitySets(situation: Situation): CapabilitySets {
  const read = (name: SetName) => readSet(situation, name);
  const permitted = read('permitted');
  const inheritable = read('inheritable');
  const keep = (name: SetName, allowed: (n: number) => boolean, reason: string) =>
    filterSet(situation, name, read(name), allowed, reason);
  return {
    bounding: read('bounding'),
    permitted,
    inheritable,
    effective: keep('effective', (n) => permitted.includes(n), 'not in the permitted set'),
    ambient: keep(
      'ambient',
      (n) => permitted.includes(n) && inheritable.includes(n),
      'not in both the permitted and the inheritable set',
    ),
  };
}

/** Limits the bounding set: while CAP_SETPCAP is still there. */
export function boundingStep(situation: Situation, { bounding }: CapabilitySets): InitStep {
  return { step: 'set-bounding', keep: bits(bounding), ...origin(situation) };
}

/** The other four, once the user is set. */
export function capabilitiesStep(situation: Situation, sets: CapabilitySets): InitStep {
  return {
    step: 'set-capabilities',
    effective: bits(sets.effective),
    permitted: bits(sets.permitted),
    inheritable: bits(sets.inheritable),
    ambient: bits(sets.ambient),
    ...origin(situation),
  };
}

function origin({ process }: Situation): Origin {
  if (process.capabilities === undefined) return { because: 'default capabilities: none' };
  return { pointer: '/process/capabilities' };
}

/** A bit set; above 2^31 the operators of JavaScript do not reach. */
function bits(set: CapabilityList): number {
  let sum = 0;
  for (const number of set) sum += 2 ** number;
  return sum;
}

/** The specification asks for a warning, not an error, where a capability cannot be granted. */
function readSet(situation: Situation, name: SetName): CapabilityList {
  const { process, host, notes } = situation;
  const set: number[] = [];
  // Whoever is in another user namespace than the caller has begun with all of them there.
  const missing = has(situation, CLONE.NEWUSER) ? [] : host.missingCapabilities;
  process.capabilities?.[name]?.forEach((text, index) => {
    const number = CAPABILITY_NAMES.indexOf(text);
    // Unknown ones were warned of when the configuration was checked.
    if (number < 0) return;
    const pointer = `/process/capabilities/${name}/${index}`;
    if (number > host.lastCapability) {
      notes.warn(pointer, `${text} not granted: this kernel does not know it`);
    } else if (missing.includes(number)) {
      notes.warn(pointer, `${text} not granted: the caller itself does not have it`);
    } else if (!set.includes(number)) set.push(number);
  });
  return set;
}

/**
 * One warning for all that are left out, and a short one where that is the whole set. buildah at each
 * RUN, and runc's default configuration, have an ambient set whose inheritable one was taken away
 * (CVE-2022-29162): that is in the log, but nothing that those who build images asked for.
 */
function filterSet(
  { notes }: Situation,
  name: SetName,
  set: CapabilityList,
  allowed: (number: number) => boolean,
  reason: string,
): CapabilityList {
  const left = set.filter((number) => !allowed(number));
  if (left.length === 0) return set;
  const whole = left.length === set.length && set.length > SEVERAL;
  const names = left.map((number) => CAPABILITY_NAMES[number]).join(', ');
  const what = whole ? 'none of them granted' : `${names} not granted`;
  const usual = whole && name === 'ambient' ? { usual: true as const } : {};
  notes.warn(`/process/capabilities/${name}`, `${what}: ${reason}`, usual);
  return set.filter(allowed);
}
