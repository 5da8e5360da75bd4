// Capabilities over the host (capabilities(7)): in a user namespace of the container's own they are not.

import { allowsAll, effectiveRules } from '../../../plan/device-rules.js';
import { CAPABILITY_NAMES } from '../../../spec/rules/capabilities.js';
import type { View } from '../view.js';
import { notable, type Severity, severe, type Warning } from './warning.js';

/** What each allows by itself. */
const MEANINGS: Readonly<Record<string, readonly [Severity, string]>> = {
  CAP_SYS_ADMIN: ['severe', 'mounts file systems of the host and joins its namespaces'],
  CAP_SYS_MODULE: ['severe', 'loads code into the kernel'],
  CAP_SYS_RAWIO: ['severe', 'reads and writes memory and ports of the machine'],
  CAP_DAC_READ_SEARCH: [
    'severe',
    'opens any file of a mounted file system by its handle (open_by_handle_at(2))',
  ],
  CAP_BPF: ['severe', 'loads programs into the kernel'],
  CAP_SYS_BOOT: ['severe', 'boots another kernel (kexec_load(2))'],
  CAP_PERFMON: ['notable', 'observes the whole machine (perf_event_open(2))'],
  CAP_MAC_ADMIN: ['notable', 'changes the rules of the security module'],
  CAP_MAC_OVERRIDE: ['notable', 'is not bound by the rules of the security module'],
  CAP_SYSLOG: ['notable', "reads the kernel's log and addresses"],
  CAP_SYS_TIME: ['notable', "sets the machine's clock"],
  CAP_AUDIT_CONTROL: ['notable', 'switches auditing off'],
  CAP_CHECKPOINT_RESTORE: ['notable', 'looks into memory of other processes'],
};

/** Warnings of what the capabilities allow by themselves. */
export function capabilityWarnings(view: View): Warning[] {
  if (!view.hostUser) return [];
  const known = Object.entries(MEANINGS).filter(([name]) => view.reachable.has(name));
  const each = known.map(([name, [severity, meaning]]) => {
    const make = severity === 'severe' ? severe : notable;
    return make(name, meaning + byProgram(view, name), view.capabilityPointer(name), drop(name));
  });
  return [...all(view), ...each, ...makesNodes(view)];
}

/** What no process has, but a program of the image gives. */
function byProgram({ held }: View, name: string): string {
  return held.has(name) ? '' : ', once a set-user-ID program was executed';
}

const drop = (name: string) => `remove ${name} from all sets, or use a user namespace`;

function all({ reachable, facts }: View): Warning[] {
  const there = CAPABILITY_NAMES.slice(0, facts.host.lastCapability + 1);
  // A caller that lacks one itself cannot give it, and the container is no safer for that.
  const lacking = there.filter((name) => !reachable.has(name)).length;
  if (lacking > SPARE) return [];
  const meaning = 'it has what root of the host has: nothing but namespaces keeps it in';
  return [severe('all capabilities', meaning, '/process/capabilities', 'use a user namespace')];
}

/** So many fewer than all are still privileged. */
const SPARE = 3;

/** mknod(2) of a disk; the filter of its cgroup decides whether it can be opened. */
function makesNodes(view: View): Warning[] {
  const { facts, reachable } = view;
  if (!reachable.has('CAP_MKNOD') || !view.hostRoot) return [];
  const given = facts.config.linux?.resources?.devices;
  if (facts.cgroup !== undefined && !allowsAll(effectiveRules(given))) return [];
  const pointer =
    given === undefined ? view.capabilityPointer('CAP_MKNOD') : '/linux/resources/devices';
  const meaning = 'makes and opens any device, such as the disk of the host';
  return [severe('CAP_MKNOD', meaning, pointer, 'deny all devices first in the list')];
}
