// The properties of `linux` in words, but for `resources` and `seccomp`.

import type { Texts } from './texts.js';

/** Namespaces, ids, devices, paths and what the hardware offers. */
export const LINUX: Texts = {
  'config-linux.md#namespaces': {
    '/linux/namespaces': 'What is isolated; of a type that is not listed the runtime keeps its own',
    '/linux/namespaces/*': 'One namespace; each type is there once',
    '/linux/namespaces/*/type': 'What it isolates, see namespaces(7)',
    '/linux/namespaces/*/path':
      'Absolute path of a namespace to join; a new one is made without it',
  },
  'config-linux.md#user-namespace-mappings': {
    '/linux/uidMappings': 'User ids of the container and what they are on the host',
    '/linux/gidMappings': 'Group ids of the container and what they are on the host',
    '/linux/*Mappings/*': 'A range of ids',
    '/linux/*Mappings/*/containerID': 'The first id in the container',
    '/linux/*Mappings/*/hostID': 'The first id on the host',
    '/linux/*Mappings/*/size': 'How many ids there are',
  },
  'config-linux.md#offset-for-time-namespace': {
    '/linux/timeOffsets': 'Clocks of a new time namespace, monotonic and boottime',
    '/linux/timeOffsets/*': 'How far the clock is ahead',
    '/linux/timeOffsets/*/secs': 'Seconds',
    '/linux/timeOffsets/*/nanosecs': 'Nanoseconds',
  },
  'config-linux.md#devices': {
    '/linux/devices': 'Device nodes, besides those that every container has',
    '/linux/devices/*': 'One device node',
    '/linux/devices/*/type': 'c or u for a character device, b for a block device, p for a pipe',
    '/linux/devices/*/path': 'Absolute path inside the container',
    '/linux/devices/*/major': 'Major number; required but for a pipe',
    '/linux/devices/*/minor': 'Minor number; required but for a pipe',
    '/linux/devices/*/fileMode': 'Permission bits, as a decimal number',
    '/linux/devices/*/uid': 'Owner, in ids of the container',
    '/linux/devices/*/gid': 'Group, in ids of the container',
  },
  'config-linux.md#network-devices': {
    '/linux/netDevices': "The host's network devices that are moved into the container, by name",
    '/linux/netDevices/*': 'One network device',
    '/linux/netDevices/*/name': 'Its name inside; with %d at the end the kernel picks a number',
  },
  'config-linux.md#cgroups-path': {
    '/linux/cgroupsPath': "The container's cgroup; for systemd SLICE:PREFIX:NAME",
  },
  'config-linux.md#rootfs-mount-propagation': {
    '/linux/rootfsPropagation': 'Which mounts the root shares with the host, see mount(2)',
  },
  'config-linux.md#masked-paths': {
    '/linux/maskedPaths': 'What cannot be read inside',
    '/linux/maskedPaths/*': 'Absolute path inside the container',
  },
  'config-linux.md#readonly-paths': {
    '/linux/readonlyPaths': 'What cannot be written inside',
    '/linux/readonlyPaths/*': 'Absolute path inside the container',
  },
  'config-linux.md#mount-label': {
    '/linux/mountLabel': 'SELinux context of the mounts',
  },
  'config-linux.md#sysctl': {
    '/linux/sysctl': 'Kernel parameters of the namespaces of the container, by name',
    '/linux/sysctl/*': 'The value that is written',
  },
  'config-linux.md#personality': {
    '/linux/personality': 'Execution domain, see personality(2)',
    '/linux/personality/domain': 'LINUX32 makes uname(2) show a machine of 32 bits',
    '/linux/personality/flags': 'None is defined yet',
    '/linux/personality/flags/*': 'None is defined yet',
  },
  'config-linux.md#intelrdt': {
    '/linux/intelRdt': 'Shares of cache and memory bandwidth, through resctrl',
    '/linux/intelRdt/closID': "Class of service; the container's id when absent",
    '/linux/intelRdt/schemata': 'Lines for the schemata file, written last',
    '/linux/intelRdt/schemata/*': 'One line',
    '/linux/intelRdt/l3CacheSchema': 'The line that begins with L3:',
    '/linux/intelRdt/memBwSchema': 'The line that begins with MB:',
    '/linux/intelRdt/enableMonitoring': 'Whether a monitoring group is made',
    '/linux/intelRdt/enableCMT': 'Ended with 1.3: enableMonitoring',
    '/linux/intelRdt/enableMBM': 'Ended with 1.3: enableMonitoring',
  },
  'config-linux.md#memory-policy': {
    '/linux/memoryPolicy': 'Which NUMA nodes memory comes from, see set_mempolicy(2)',
    '/linux/memoryPolicy/mode': 'How nodes are chosen',
    '/linux/memoryPolicy/nodes': 'Memory nodes such as 0-1,4',
    '/linux/memoryPolicy/flags': 'Flags of set_mempolicy(2)',
    '/linux/memoryPolicy/flags/*': 'One flag',
  },
};
