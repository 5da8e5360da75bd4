// Version and root filesystem (config.md#specification-version, config.md#root).

import { shown } from '../problem.js';
import type { Rule } from './rule.js';

const SEMVER =
  /^(0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

/** `ociVersion` is a version of this specification's major. */
export const version: Rule = {
  reads: ['/ociVersion'],
  check({ ociVersion }, to) {
    // Nearly every document; compiling the whole expression would cost 0.1 ms.
    if (/^1\.\d\.\d(?:-dev)?$/.test(ociVersion)) return;
    const got = shown(ociVersion);
    const major = SEMVER.exec(ociVersion)?.[1];
    if (major === undefined) {
      const expected = 'a SemVer 2.0.0 version such as 1.3.0';
      to.error('/ociVersion', `must be ${expected}, not ${got}`, { expected, got });
    } else if (major !== '1') {
      const expected = 'a version 1.x.y of the runtime specification';
      to.error('/ociVersion', `must be ${expected}, not ${got}`, { expected, got });
    }
  },
};

/** `root.path` names something. */
export const root: Rule = {
  reads: ['/root'],
  check(config, to) {
    if (config.root.path === '') to.error('/root/path', 'must not be empty');
  },
};
