// Version, root filesystem, annotations and other platforms (config.md).

import { shown } from '../problem.js';
import { SPEC_VERSION } from '../version.js';
import type { Rule } from './rule.js';

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

/** `ociVersion` is a version of this specification's major. */
export const version: Rule = {
  reads: ['/ociVersion'],
  check({ ociVersion }, to) {
    // Nearly every document; compiling the whole expression would cost 0.1 ms.
    if (/^1\.[0-3]\.\d(?:-dev)?$/.test(ociVersion)) return;
    const got = shown(ociVersion);
    const [, major, minor] = SEMVER.exec(ociVersion) ?? [];
    if (major === undefined) {
      const expected = 'a SemVer 2.0.0 version such as 1.3.0';
      to.error('/ociVersion', `must be ${expected}, not ${got}`, { expected, got });
    } else if (major !== '1') {
      const expected = 'a version 1.x.y of the runtime specification';
      to.error('/ociVersion', `must be ${expected}, not ${got}`, { expected, got });
    } else if (Number(minor) > Number(SPEC_VERSION.split('.')[1])) {
      to.warning('/ociVersion', `${got} is newer than ${SPEC_VERSION}: what it added is ignored`);
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

/** Every annotation has a name. */
export const annotations: Rule = {
  reads: ['/annotations'],
  check(config, to) {
    if (config.annotations?.[''] === undefined) return;
    to.error('/annotations/', 'the name of an annotation must not be empty');
  },
};

const OTHER_PLATFORMS = ['solaris', 'windows', 'vm', 'zos', 'freebsd'] as const;

/** What other platforms have may be there, and does nothing. */
export const otherPlatforms: Rule = {
  reads: ['/process'],
  check(config, to) {
    const ignored = 'without effect on Linux';
    for (const name of OTHER_PLATFORMS) {
      if (config[name] !== undefined) to.warning(`/${name}`, ignored);
    }
    const { process } = config;
    if (process?.commandLine) to.warning('/process/commandLine', ignored);
    if (process?.user.username) to.warning('/process/user/username', ignored);
  },
};
