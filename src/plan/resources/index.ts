// linux.resources without its device rules: what is written to which file of the cgroup.

import type { Resources } from '../../spec/config/resources.js';
import { below } from '../../spec/problem.js';
import { blockIoLimits } from './block-io.js';
import { cpuLimits } from './cpu.js';
import { amount, Limits } from './limits.js';
import { memoryLimits } from './memory.js';

/** Works out the limits; `base` is the pointer to `resources`. */
export function limitsOf(resources: Resources, base = '/linux/resources'): Limits {
  const to = new Limits(base);
  const { memory, cpu, pids, blockIO } = resources;
  if (memory) memoryLimits(memory, to);
  if (cpu) cpuLimits(cpu, to);
  // 0 is a limit since 1.3.
  if (pids?.limit !== undefined) to.write('/pids/limit', 'pids.max', amount(pids.limit));
  if (blockIO) blockIoLimits(blockIO, to);
  hugepageLimits(resources, to);
  rdmaLimits(resources, to);
  refuseNetwork(resources, to);
  unifiedLimits(resources, to);
  return to;
}

/** Reservations too, where the kernel counts them: a page that is reserved need not be used yet. */
function hugepageLimits({ hugepageLimits = [] }: Resources, to: Limits): void {
  hugepageLimits.forEach(({ pageSize, limit }, index) => {
    const at = `/hugepageLimits/${index}`;
    to.write(at, `hugetlb.${pageSize}.max`, amount(limit));
    to.write(at, `hugetlb.${pageSize}.rsvd.max`, amount(limit), { extra: true });
  });
}

function rdmaLimits({ rdma = {} }: Resources, to: Limits): void {
  for (const [device, { hcaHandles, hcaObjects }] of Object.entries(rdma)) {
    const handles = hcaHandles === undefined ? '' : ` hca_handle=${hcaHandles}`;
    const objects = hcaObjects === undefined ? '' : ` hca_object=${hcaObjects}`;
    to.write(below('/rdma', device), 'rdma.max', `${device}${handles}${objects}`);
  }
}

/** Classes and priorities of packets were version 1; there a BPF program of the network does it. */
function refuseNetwork({ network = {} }: Resources, to: Limits): void {
  const cause = 'cgroup version 2 has no network controller';
  const remedy = 'mark packets by cgroup in nftables (socket cgroupv2) or tc';
  if (network.classID) to.refuse('/network/classID', cause, remedy);
  if (network.priorities?.length) to.refuse('/network/priorities', cause, remedy);
}

/** These move processes or hand on controllers: that is the runtime's, and could reach the host's. */
const NOT_LIMITS = [
  'cgroup.procs',
  'cgroup.threads',
  'cgroup.subtree_control',
  'cgroup.type',
  'cgroup.kill',
  'cgroup.freeze',
];

/** As they are, after the rest, so that they have the last word. */
function unifiedLimits({ unified = {} }: Resources, to: Limits): void {
  for (const [file, value] of Object.entries(unified)) {
    const at = below('/unified', file);
    if (NOT_LIMITS.includes(file)) to.refuse(at, `${file} is the runtime's own to write`);
    else if (!file.includes('.')) to.refuse(at, `not a file of cgroup version 2: "${file}"`);
    else to.write(at, file, value);
  }
}
