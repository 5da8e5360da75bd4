// Network devices of the runtime that become the container's (config-linux.md#network-devices).

import { below } from '../spec/problem.js';
import type { Situation } from './situation.js';
import type { Step } from './steps.js';

const POINTER = '/linux/netDevices';

/** One step for each: they are moved once the container's network namespace is there. */
export function netDeviceSteps({ linux, host, notes }: Situation): Step[] {
  const devices = Object.entries(linux.netDevices ?? {});
  if (devices.length > 0 && !host.privileged) {
    notes.refuse({
      doing: 'move network devices',
      pointer: POINTER,
      cause: 'only root may take a network device from the host',
      remedy: 'run as root, or connect a rootless container by pasta(1) or slirp4netns(1)',
    });
  }
  return devices.map(([device, { name }]) => ({
    step: 'move-network-device',
    device,
    name: name || device,
    pointer: below(POINTER, device),
  }));
}
