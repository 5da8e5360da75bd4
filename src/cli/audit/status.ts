// /proc/PID/status as far as it tells of rights (proc_pid_status(5)).

import type { ProcessFacts, SetName } from './facts.js';

/** Reads the text of one process. */
export function parseStatus(text: string): ProcessFacts {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim();
  const numbers = (name: string) => (field(name) ?? '').split(/\s+/).filter(Boolean).map(Number);
  const set = (name: SetName) => field(name) ?? '0';
  const seccomp = field('Seccomp');
  return {
    pid: Number(field('Pid') ?? 0),
    uids: numbers('Uid'),
    gids: numbers('Gid'),
    groups: numbers('Groups'),
    capabilities: {
      CapInh: set('CapInh'),
      CapPrm: set('CapPrm'),
      CapEff: set('CapEff'),
      CapBnd: set('CapBnd'),
      CapAmb: set('CapAmb'),
    },
    noNewPrivileges: field('NoNewPrivs') === '1',
    seccomp: seccomp === undefined ? null : Number(seccomp),
  };
}
