// Execution domain and NUMA memory policy (config-linux.md, personality(2), set_mempolicy(2)).

import { HIGHEST_NODE, parseNumberList } from '../number-list.js';
import type { Problems } from '../problem.js';
import type { MemoryPolicy } from '../types.js';
import type { Rule } from './rule.js';

/** The specification has no flags yet; as in runc, what is given is no reason to fail. */
export const personality: Rule = {
  reads: ['/linux/personality'],
  check({ linux }, to) {
    if (!linux?.personality?.flags?.length) return;
    to.warning('/linux/personality/flags', 'ignored: the specification has no flags');
  },
};

/** Mode, nodes and flags go together as set_mempolicy(2) demands. */
export const memoryPolicy: Rule = {
  reads: ['/linux/memoryPolicy'],
  check({ linux }, to) {
    const policy = linux?.memoryPolicy;
    if (policy === undefined) return;
    nodes(policy, to);
    flags(policy, to);
  },
};

function nodes({ mode, nodes = '', flags = [] }: MemoryPolicy, to: Problems): void {
  const pointer = '/linux/memoryPolicy/nodes';
  const list = parseNumberList(nodes, HIGHEST_NODE);
  if (typeof list === 'string') {
    to.error(pointer, list);
  } else if (mode === 'MPOL_DEFAULT' || mode === 'MPOL_LOCAL') {
    if (list.length > 0) to.error(pointer, `must be left out with ${mode}`);
  } else if (list.length === 0 && (mode !== 'MPOL_PREFERRED' || flags.some(isAboutNodes))) {
    to.error(pointer, `must name the nodes of ${mode}`);
  }
}

/** sanitize_mpol_flags() in mm/mempolicy.c; the second since Linux 6.9. */
const BALANCED = ['MPOL_BIND', 'MPOL_PREFERRED_MANY'];

function flags({ mode, flags = [] }: MemoryPolicy, to: Problems): void {
  const pointer = '/linux/memoryPolicy/flags';
  if (flags.length === 0) return;
  if (mode === 'MPOL_DEFAULT' || mode === 'MPOL_LOCAL') {
    to.error(pointer, `must be left out with ${mode}`);
  } else if (flags.includes('MPOL_F_STATIC_NODES') && flags.includes('MPOL_F_RELATIVE_NODES')) {
    to.error(pointer, 'MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other');
  } else if (flags.includes('MPOL_F_NUMA_BALANCING') && !BALANCED.includes(mode)) {
    to.error(
      pointer,
      `MPOL_F_NUMA_BALANCING is for ${BALANCED.join(' and ')} only, not for ${mode}`,
    );
  }
}

function isAboutNodes(flag: string): boolean {
  return flag === 'MPOL_F_STATIC_NODES' || flag === 'MPOL_F_RELATIVE_NODES';
}
