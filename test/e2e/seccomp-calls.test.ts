// What a process in a container gets for its system calls: actions, new calls, new names.

import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Seccomp, SeccompAction } from '../../src/spec/config/seccomp.js';
import { copyProgram } from '../rig/copied-program.js';
import type { Ran } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import { bothWays } from '../rig/ways.js';

const SIGSYS = 128 + 31;
const MSEAL = '462';

/** How `calls` end under a profile; see test/rig/programs/system-call.cc. */
async function attempted(rig: Rig, seccomp: Seccomp, ...calls: string[]): Promise<Ran> {
  const bundle = (await rig.bundle()).runs(['/system-call', ...calls]);
  copyProgram('system-call', join(bundle.rootfs, 'system-call'));
  bundle.edit(({ linux }) => {
    linux.seccomp = seccomp;
  });
  return rig.run(bundle);
}

const mseal = (action: SeccompAction, errnoRet?: number): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mseal'], action, ...(errnoRet === undefined ? {} : { errnoRet }) }],
});

/** All that a static program needs. */
const needed = ['read', 'write', 'writev', 'brk', 'mmap', 'munmap', 'mprotect', 'execve', 'ioctl'];
needed.push('exit_group', 'arch_prctl', 'set_tid_address', 'set_robust_list', 'rseq', 'prlimit64');
needed.push('readlinkat', 'readlink', 'getrandom', 'fstat', 'newfstatat', 'futex');

bothWays('a system call', (promise) => {
  promise('newer than the profile gets ENOSYS, an older one the default', async (rig) => {
    const architectures = [process.arch === 'x64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64'];
    const seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 13,
      architectures,
      syscalls: [{ names: [...needed, 'statmount'], action: 'SCMP_ACT_ALLOW' }],
    } as Seccomp;
    const setns = process.arch === 'x64' ? '308' : '268';
    const { stdout, stderr } = await attempted(rig, seccomp, '999', '458', '456', setns);
    expect({ stdout, stderr }).toEqual({ stdout: 'ENOSYS\nENOSYS\nEACCES\nEACCES\n', stderr: '' });
  });

  promise('that libseccomp 2.5 has no name for can be refused', async (rig) => {
    const { stdout } = await attempted(rig, mseal('SCMP_ACT_ERRNO', 28), MSEAL);
    expect(stdout).toBe('ENOSPC\n');
  });

  promise('is refused with EPERM where no errno is given', async (rig) => {
    expect((await attempted(rig, mseal('SCMP_ACT_ERRNO'), MSEAL)).stdout).toBe('EPERM\n');
  });

  promise('that is traced does not exist where there is no tracer', async (rig) => {
    expect((await attempted(rig, mseal('SCMP_ACT_TRACE', 7), MSEAL)).stdout).toBe('ENOSYS\n');
  });

  promise('that is logged goes on', async (rig) => {
    const flags: Seccomp['flags'] = ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_TSYNC'];
    const seccomp = { ...mseal('SCMP_ACT_LOG'), flags };
    // 1 is no address of a page.
    expect((await attempted(rig, seccomp, `${MSEAL},1`)).stdout).toMatch(/^(EINVAL|ENOSYS)\n$/);
  });

  for (const action of ['KILL', 'KILL_THREAD', 'KILL_PROCESS', 'TRAP'] as const) {
    promise(`with SCMP_ACT_${action} ends the program by SIGSYS`, async (rig) => {
      const { status, stdout } = await attempted(rig, mseal(`SCMP_ACT_${action}`), MSEAL, MSEAL);
      expect({ status, stdout }).toEqual({ status: SIGSYS, stdout: '' });
    });
  }

  promise(
    'of an unknown name is left out, and architectures of other machines too',
    async (rig) => {
      const seccomp = mseal('SCMP_ACT_ERRNO');
      seccomp.syscalls?.push({ names: ['no_such_call'], action: 'SCMP_ACT_KILL' });
      const architectures: Seccomp['architectures'] = ['SCMP_ARCH_S390X', 'SCMP_ARCH_LOONGARCH64'];
      const { stdout, stderr } = await attempted(rig, { ...seccomp, architectures }, MSEAL);
      expect({ stdout, stderr }).toEqual({ stdout: 'EPERM\n', stderr: '' });
    },
  );
});
