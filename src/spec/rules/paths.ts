// Paths of the Linux section and the propagation of the root (config-linux.md).

import { didYouMean, nearest } from '../nearest.js';
import { below } from '../problem.js';
import { each, isAbsolute, type Rule } from './rule.js';

/** Masked and read-only paths are absolute. */
export const hiddenPaths: Rule = {
  reads: ['/linux/maskedPaths/*', '/linux/readonlyPaths/*'],
  check({ linux }, to) {
    for (const name of ['maskedPaths', 'readonlyPaths'] as const) {
      each(linux?.[name], (path, i) => {
        if (isAbsolute(path)) return;
        to.error(below('/linux', name, i), `must be an absolute path, not "${path}"`);
      });
    }
  },
};

/** `linux.cgroupsPath` does not climb out of the cgroup it starts from. */
export const cgroupsPath: Rule = {
  reads: ['/linux/cgroupsPath'],
  check({ linux }, to) {
    const path = linux?.cgroupsPath;
    if (path?.split('/').includes('..')) {
      to.error('/linux/cgroupsPath', `must not have ".." in it: "${path}"`);
    }
  },
};

const PROPAGATIONS = [
  'shared',
  'slave',
  'private',
  'unbindable',
  'rshared',
  'rslave',
  'rprivate',
  'runbindable',
];

/** `linux.rootfsPropagation` is one that mount(2) has; the recursive names are runc's. */
export const rootfsPropagation: Rule = {
  reads: ['/linux/rootfsPropagation'],
  check({ linux }, to) {
    const value = linux?.rootfsPropagation;
    if (!value || PROPAGATIONS.includes(value)) return;
    const close = nearest(value, PROPAGATIONS);
    const expected = 'shared, slave, private or unbindable';
    const message = `unknown propagation "${value}", expected ${expected}${didYouMean(close)}`;
    to.error('/linux/rootfsPropagation', message, { expected, ...(close && { nearest: close }) });
  },
};
