// Device nodes and the allow list of devices (config-linux.md#devices, mknod(2)).

import type { Device } from '../config/devices.js';
import type { Problems } from '../problem.js';
import { each, isAbsolute, type Rule } from './rule.js';

const MAX_MAJOR = 4095;
const MAX_MINOR = 1048575;

/** Each node has an absolute path of its own and the numbers its type needs. */
export const devices: Rule = {
  reads: ['/linux/devices/*'],
  check({ linux }, to) {
    const list = linux?.devices;
    each(list, (device, i) => {
      const pointer = `/linux/devices/${i}`;
      if (!isAbsolute(device.path)) {
        to.error(`${pointer}/path`, `must be an absolute path, not "${device.path}"`);
      }
      numbers(device, pointer, to);
      const first = list?.findIndex((other) => other?.path === device.path);
      if (first !== i) to.error(pointer, `${device.path} is already made by entry ${first}`);
    });
  },
};

function numbers(device: Device, pointer: string, to: Problems): void {
  if (device.type === 'p') return;
  number(device.major, MAX_MAJOR, `${pointer}/major`, device, to);
  number(device.minor, MAX_MINOR, `${pointer}/minor`, device, to);
}

function number(
  value: number | undefined,
  max: number,
  pointer: string,
  device: Device,
  to: Problems,
): void {
  const expected = `an integer from 0 to ${max}`;
  if (value === undefined) {
    to.error(pointer, `required for a device of type "${device.type}"`, { expected });
  } else if (value < 0 || value > max) {
    to.error(pointer, `must be ${expected}, not ${value}`, { expected, got: String(value) });
  }
}

/** The cgroup's rules name a known type and access. */
export const deviceRules: Rule = {
  reads: ['/linux/resources/devices/*'],
  check({ linux }, to) {
    each(linux?.resources?.devices, (rule, i) => {
      const pointer = `/linux/resources/devices/${i}`;
      if (rule.type && !['a', 'b', 'c'].includes(rule.type)) {
        to.error(`${pointer}/type`, `unknown device type "${rule.type}", expected a, b or c`);
      }
      ruleNumber(rule.major, MAX_MAJOR, `${pointer}/major`, to);
      ruleNumber(rule.minor, MAX_MINOR, `${pointer}/minor`, to);
      if (rule.access !== undefined && !/^[rwm]*$/.test(rule.access)) {
        to.error(`${pointer}/access`, `must be made of r, w and m, not "${rule.access}"`);
      }
    });
  },
};

function ruleNumber(value: number | undefined, max: number, pointer: string, to: Problems): void {
  if (value === undefined || (value >= -1 && value <= max)) return;
  const expected = `an integer from 0 to ${max}, or -1 for all`;
  to.error(pointer, `must be ${expected}, not ${value}`, { expected, got: String(value) });
}
