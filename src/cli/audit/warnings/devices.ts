// Device nodes that lead to what is not the container's.

import { effectiveRules, mayAccess } from '../../../plan/device-rules.js';
import type { DeviceFact } from '../facts.js';
import { mountOn } from '../mountinfo.js';
import type { View } from '../view.js';
import { notable, severe, type Warning } from './warning.js';

/** Of major number 1 (the kernel's devices.txt). */
const MEMORY: Readonly<Record<number, string>> = {
  1: 'memory of the machine',
  2: 'memory of the kernel',
  4: 'ports of the machine',
};

/** Warnings of nodes that can be opened. */
export function deviceWarnings(view: View): Warning[] {
  return view.facts.devices
    .filter((device) => isUsable(view, device))
    .flatMap((device) => {
      const what = whatIs(device);
      if (what === undefined) return [];
      const { path } = device;
      const make = view.hostRoot ? severe : notable;
      const remedy = 'remove it, or deny it in linux.resources.devices';
      return [make(path, `reads and writes ${what}`, devicePointer(view, device), remedy)];
    });
}

function whatIs({ type, major, minor }: DeviceFact): string | undefined {
  if (type === 'b') return 'a disk of the host, past its file system';
  return major === 1 ? MEMORY[minor] : undefined;
}

/** Not where its mount has nodev, nor where the filter of the cgroup denies it. */
export function isUsable({ facts }: View, device: DeviceFact): boolean {
  if (mountOn(facts.mounts, device.path)?.devices === false) return false;
  if (facts.cgroup === undefined) return true;
  const rules = effectiveRules(facts.config.linux?.resources?.devices);
  return mayAccess(rules, device, 'r') || mayAccess(rules, device, 'w');
}

/** The place in config.json that has made a node there. */
export function devicePointer(view: View, { path }: DeviceFact): string | undefined {
  const { config, mounts } = view.facts;
  const index = (config.linux?.devices ?? []).findIndex((device) => device.path === path);
  if (index >= 0) return `/linux/devices/${index}`;
  const mount = mountOn(mounts, path);
  return mount === undefined || mount.type === 'tmpfs' ? undefined : view.mountPointer(mount);
}
