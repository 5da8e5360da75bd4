// Namespaces and what needs one (config-linux.md#namespaces, config.md#hostname).

import { byteLength } from '../../bytes.js';
import type { Config } from '../config/config.js';
import type { Namespace, NamespaceType } from '../config/namespaces.js';
import { below } from '../problem.js';
import { each, isAbsolute, type Rule } from './rule.js';

/** Each type is listed once, and joined by an absolute path. */
export const namespaces: Rule = {
  reads: ['/linux/namespaces/*'],
  check({ linux }, to) {
    const list = linux?.namespaces;
    each(list, ({ type, path }, i) => {
      const pointer = `/linux/namespaces/${i}`;
      const first = list?.findIndex((other) => other?.type === type);
      if (first !== i) to.error(pointer, `duplicate of the ${type} namespace in entry ${first}`);
      if (path && !isAbsolute(path)) {
        to.error(`${pointer}/path`, `must be an absolute path, not "${path}"`);
      }
    });
  },
};

/** Host and domain name are set in the container's own uts namespace only. */
export const names: Rule = {
  reads: ['/hostname', '/domainname', '/linux/namespaces'],
  check(config, to) {
    const uts = namespaceOf(config, 'uts') !== undefined;
    for (const name of ['hostname', 'domainname'] as const) {
      const value = config[name];
      if (!value) continue;
      if (!uts) to.error(`/${name}`, 'needs a namespace of type "uts" in linux.namespaces');
      // A character is at most three bytes.
      if (value.length * 3 > LONGEST_NAME && byteLength(value) > LONGEST_NAME) {
        to.error(`/${name}`, `longer than ${LONGEST_NAME} bytes`);
      }
    }
  },
};

/** __NEW_UTS_LEN (sethostname(2)). */
const LONGEST_NAME = 64;

/** Clock offsets are those of a new time namespace. */
export const timeOffsets: Rule = {
  reads: ['/linux/timeOffsets', '/linux/namespaces'],
  check(config, to) {
    const clocks = Object.keys(config.linux?.timeOffsets ?? {});
    if (clocks.length === 0) return;
    const time = namespaceOf(config, 'time');
    if (time === undefined || time.path) {
      to.error('/linux/timeOffsets', 'needs a new namespace of type "time" in linux.namespaces');
    }
    for (const clock of clocks) {
      if (clock === 'monotonic' || clock === 'boottime') continue;
      const message = `unknown clock "${clock}", expected monotonic or boottime`;
      to.error(below('/linux/timeOffsets', clock), message);
    }
  },
};

/** The entry of a type, if the container does not share the runtime's namespace. */
export function namespaceOf(config: Config, type: NamespaceType): Namespace | undefined {
  return config.linux?.namespaces?.find((namespace) => namespace.type === type);
}
