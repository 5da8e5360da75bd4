// The properties of `linux.seccomp` in words.

import type { Texts } from './texts.js';

/** The system call filter. */
export const SECCOMP: Texts = {
  'config-linux.md#seccomp': {
    '/linux/seccomp': 'Which system calls are allowed',
    '/linux/seccomp/defaultAction': 'What happens to a system call that has no rule',
    '/linux/seccomp/defaultErrnoRet': 'The errno of SCMP_ACT_ERRNO as default; EPERM when absent',
    '/linux/seccomp/architectures': "Whose system calls have rules, besides the machine's own",
    '/linux/seccomp/architectures/*': 'One architecture',
    '/linux/seccomp/flags': 'Flags of seccomp(2)',
    '/linux/seccomp/flags/*': 'One flag',
    '/linux/seccomp/listenerPath': 'Absolute path of the socket of an agent, for SCMP_ACT_NOTIFY',
    '/linux/seccomp/listenerMetadata': 'What is passed on to the agent; needs listenerPath',
    '/linux/seccomp/syscalls': 'Rules',
    '/linux/seccomp/syscalls/*': 'One rule',
    '/linux/seccomp/syscalls/*/names': 'The system calls that it is for; one at least',
    '/linux/seccomp/syscalls/*/names/*': 'Name of a system call; skipped when not known',
    '/linux/seccomp/syscalls/*/action': 'What happens to them',
    '/linux/seccomp/syscalls/*/errnoRet': 'The errno of SCMP_ACT_ERRNO; EPERM when absent',
    '/linux/seccomp/syscalls/*/args': 'Conditions, all of which must hold',
    '/linux/seccomp/syscalls/*/args/*': 'A comparison of one argument',
    '/linux/seccomp/syscalls/*/args/*/index': 'Which argument, from 0 to 5',
    '/linux/seccomp/syscalls/*/args/*/value': 'What it is compared with; the mask of MASKED_EQ',
    '/linux/seccomp/syscalls/*/args/*/valueTwo': 'What the masked argument is compared with',
    '/linux/seccomp/syscalls/*/args/*/op': 'How they are compared',
  },
};
