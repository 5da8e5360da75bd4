// The process: program, directory, environment, user, terminal (config.md#process).

import type { Problems } from '../problem.js';
import { each, isAbsolute, type Rule } from './rule.js';

/** `process.args` names a program. */
export const args: Rule = {
  reads: ['/process/args'],
  check({ process }, to) {
    if (process === undefined) return;
    if (process.args.length === 0) {
      to.error('/process/args', 'must name the program to run, but is empty');
    } else if (process.args[0] === '') {
      // Callers give exit status 127 for these words: it is what execvp(3) would find.
      const found = 'executable file not found in $PATH';
      to.error('/process/args/0', `must name the program to run, but is empty: ${found}`);
    }
  },
};

/** `process.cwd` is absolute. */
export const cwd: Rule = {
  reads: ['/process/cwd'],
  check({ process }, to) {
    if (process !== undefined && !isAbsolute(process.cwd)) {
      to.error('/process/cwd', `must be an absolute path, not "${process.cwd}"`);
    }
  },
};

/** `process.env` holds `NAME=value`. */
export const env: Rule = {
  reads: ['/process/env/*'],
  check({ process }, to) {
    environment(process?.env, '/process/env', to);
  },
};

/** Warns of entries that getenv(3) would not find. */
export function environment(list: readonly string[] | undefined, pointer: string, to: Problems) {
  each(list, (entry, i) => {
    if (entry.indexOf('=') > 0) return;
    to.warning(`${pointer}/${i}`, `no program finds "${entry}": it must have the form NAME=value`);
  });
}

/** `process.consoleSize` has a terminal to apply to. */
export const consoleSize: Rule = {
  reads: ['/process/consoleSize', '/process/terminal'],
  check({ process }, to) {
    if (process?.consoleSize !== undefined && !process.terminal) {
      to.warning('/process/consoleSize', 'ignored, as process.terminal is not true');
    }
  },
};

/** `process.user.umask` has permission bits only. */
export const umask: Rule = {
  reads: ['/process/user'],
  check({ process }, to) {
    const mask = process?.user.umask ?? 0;
    if (mask > 0o777) {
      to.warning(
        '/process/user/umask',
        `has bits beyond 0777 (511), which umask(2) drops: ${mask}`,
      );
    }
  },
};
