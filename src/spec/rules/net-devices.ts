// Network devices that are moved into the container (config-linux.md#network-devices).

import { byteLength } from '../../bytes.js';
import { below, type Problems } from '../problem.js';
import { namespaceOf } from './namespaces.js';
import type { Rule } from './rule.js';

const POINTER = '/linux/netDevices';

/** Names are those of devices, no two become one, and there is a namespace to move them to. */
export const netDevices: Rule = {
  reads: [POINTER, '/linux/namespaces'],
  check(config, to) {
    const given = config.linux?.netDevices;
    if (given === undefined) return;
    const devices = Object.entries(given);
    if (devices.length === 0) return;
    if (namespaceOf(config, 'network') === undefined) {
      to.error(POINTER, 'needs a namespace of type "network" in linux.namespaces');
    }
    const taken = new Map<string, string>();
    for (const [device, { name }] of devices) {
      deviceName(device, below(POINTER, device), to);
      if (name) newName(name, below(POINTER, device, 'name'), to);
      once(device, name || device, taken, to);
    }
  },
};

/** IFNAMSIZ, with the NUL at the end (netdevice(7)). */
const NAME_SIZE = 16;

/** dev_valid_name() in net/core/dev.c. */
function deviceName(name: string, pointer: string, to: Problems): void {
  const length = byteLength(name);
  if (length === 0 || length >= NAME_SIZE) {
    to.error(pointer, `the name of a network device has 1 to ${NAME_SIZE - 1} bytes: "${name}"`);
  } else if (name === '.' || name === '..' || /[/:\s]/.test(name)) {
    to.error(pointer, `"${name}" cannot be the name of a network device`);
  }
}

/** The kernel numbers a name that ends in %d; in the name of a device it would be mistaken for that. */
function newName(name: string, pointer: string, to: Problems): void {
  deviceName(name, pointer, to);
  if (!name.replace(/%d$/, '').includes('%')) return;
  to.error(pointer, `"${name}": the kernel takes % only as %d at the end`);
}

function once(device: string, name: string, taken: Map<string, string>, to: Problems): void {
  if (name.endsWith('%d')) return;
  const other = taken.get(name);
  if (other === undefined) taken.set(name, device);
  else to.error(below(POINTER, device), `"${name}" is already the name of "${other}"`);
}
