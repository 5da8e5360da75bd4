// How /proc is mounted here: what lies over it, and what it hides (proc(5)).

import * as fs from 'node:fs';

/** Facts about the /proc that the caller sees. */
export interface ProcFacts {
  /** Mounts over parts of it, as an outer container makes them. */
  readonly over: readonly string[];
  /** hidepid= and subset=, which a new one may not undo. */
  readonly options: readonly string[];
}

/** Reads them. */
export function procFacts(): ProcFacts {
  try {
    return parseProc(fs.readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return { over: [], options: [] };
  }
}

/** The same by /proc/self/mountinfo (proc_pid_mountinfo(5)); the last mount on /proc is the one seen. */
export function parseProc(mountinfo: string): ProcFacts {
  const lines = mountinfo.split('\n').map((line) => line.split(' '));
  const points = lines.map(([, , , , point = '']) => point);
  const data = lines[points.lastIndexOf('/proc')]?.at(-1) ?? '';
  // binfmt_misc is mounted when it is first looked at, and hides nothing.
  const over = points.filter(
    (point) => point.startsWith('/proc/') && !/\/binfmt_misc$/.test(point),
  );
  return {
    over: [...new Set(over)],
    options: data.split(',').filter((option) => /^(hidepid=(?!0$|off$)|subset=)/.test(option)),
  };
}
