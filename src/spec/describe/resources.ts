// The properties of `linux.resources` in words.

import type { Texts } from './texts.js';

/** Limits of the container's cgroup. */
export const RESOURCES: Texts = {
  'config-linux.md#control-groups': {
    '/linux/resources': "Limits of the container's cgroup",
  },
  'config-linux.md#allowed-device-list': {
    '/linux/resources/devices': 'Which devices can be used, in this order',
    '/linux/resources/devices/*': 'One rule',
    '/linux/resources/devices/*/allow': 'Whether it allows or denies',
    '/linux/resources/devices/*/type': 'a for all, c for character, b for block devices',
    '/linux/resources/devices/*/major': 'Major number; all when absent',
    '/linux/resources/devices/*/minor': 'Minor number; all when absent',
    '/linux/resources/devices/*/access': 'Made of r for read, w for write, m for mknod',
  },
  'config-linux.md#memory': {
    '/linux/resources/memory': 'Memory, in bytes; -1 is without limit',
    '/linux/resources/memory/limit': 'Limit of memory',
    '/linux/resources/memory/reservation': 'What is left to it when memory runs short',
    '/linux/resources/memory/swap': 'Limit of memory and swap together',
    '/linux/resources/memory/kernel': 'Not recommended: limit of kernel memory',
    '/linux/resources/memory/kernelTCP': 'Not recommended: limit of buffers of TCP',
    '/linux/resources/memory/swappiness': 'From 0 to 100, the higher the more is swapped',
    '/linux/resources/memory/disableOOMKiller': 'Whether processes wait for memory, not be killed',
    '/linux/resources/memory/useHierarchy': 'Whether cgroups below share the limits',
    '/linux/resources/memory/checkBeforeUpdate': 'Whether a limit below the usage is refused',
  },
  'config-linux.md#cpu': {
    '/linux/resources/cpu': 'Processor time, in microseconds',
    '/linux/resources/cpu/shares': 'Share in comparison with other cgroups',
    '/linux/resources/cpu/quota': 'Time in each period; negative is without limit',
    '/linux/resources/cpu/burst': 'Time left over that can be used later; at most the quota',
    '/linux/resources/cpu/period': 'Length of a period',
    '/linux/resources/cpu/realtimeRuntime': 'Realtime in each realtime period',
    '/linux/resources/cpu/realtimePeriod': 'Length of a realtime period',
    '/linux/resources/cpu/cpus': 'CPUs such as 0-3,7',
    '/linux/resources/cpu/mems': 'Memory nodes such as 0-1',
    '/linux/resources/cpu/idle': '1 for SCHED_IDLE',
  },
  'config-linux.md#block-io': {
    '/linux/resources/blockIO': 'Input and output of block devices',
    '/linux/resources/blockIO/weight': 'Share on all devices, from 10 to 1000',
    '/linux/resources/blockIO/leafWeight': 'Share against the cgroups below it',
    '/linux/resources/blockIO/weightDevice': 'Shares on single devices',
    '/linux/resources/blockIO/throttleReadBpsDevice': 'Bytes read per second',
    '/linux/resources/blockIO/throttleWriteBpsDevice': 'Bytes written per second',
    '/linux/resources/blockIO/throttleReadIOPSDevice': 'Reads per second',
    '/linux/resources/blockIO/throttleWriteIOPSDevice': 'Writes per second',
    '/linux/resources/blockIO/*/*': 'One device',
    '/linux/resources/blockIO/*/*/major': 'Major number',
    '/linux/resources/blockIO/*/*/minor': 'Minor number',
    '/linux/resources/blockIO/*/*/rate': 'The limit',
    '/linux/resources/blockIO/*/*/weight': 'Share on this device, from 10 to 1000',
    '/linux/resources/blockIO/*/*/leafWeight': 'Share on it against the cgroups below',
  },
  'config-linux.md#huge-page-limits': {
    '/linux/resources/hugepageLimits': 'Limits of huge pages',
    '/linux/resources/hugepageLimits/*': 'One size; each is there once',
    '/linux/resources/hugepageLimits/*/pageSize': 'Such as 64KB, 2MB or 1GB',
    '/linux/resources/hugepageLimits/*/limit': 'Bytes',
  },
  'config-linux.md#network': {
    '/linux/resources/network': 'What its network packets are marked with (cgroup v1)',
    '/linux/resources/network/classID': 'Class of net_cls',
    '/linux/resources/network/priorities': 'Priorities of net_prio',
    '/linux/resources/network/priorities/*': 'One network device',
    '/linux/resources/network/priorities/*/name': 'Its name on the host',
    '/linux/resources/network/priorities/*/priority': 'Its priority',
  },
  'config-linux.md#pids': {
    '/linux/resources/pids': 'Processes',
    '/linux/resources/pids/limit': 'How many there can be; -1 is without limit',
  },
  'config-linux.md#rdma': {
    '/linux/resources/rdma': 'Limits of RDMA devices, by name',
    '/linux/resources/rdma/*': 'One device; one limit at least',
    '/linux/resources/rdma/*/hcaHandles': 'How many handles can be open',
    '/linux/resources/rdma/*/hcaObjects': 'How many objects can be made',
  },
  'config-linux.md#unified': {
    '/linux/resources/unified': 'Files of cgroup v2 and what is written to them',
    '/linux/resources/unified/*': 'The contents',
  },
};
