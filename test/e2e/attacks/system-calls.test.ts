// Ways around a system call filter.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Seccomp } from '../../../src/spec/config/seccomp.js';
import { copyProgram } from '../../rig/copied-program.js';
import type { Ran } from '../../rig/execute.js';
import { program } from '../../rig/program.js';
import type { Rig } from '../../rig/rig.js';
import { until } from '../../rig/until.js';
import { bothWays } from '../../rig/ways.js';

/** Whether this kernel takes 32-bit system calls (getpid is 20). */
const has32 =
  process.arch === 'x64' &&
  (() => {
    try {
      return execFileSync(program('system-call'), ['i386:20'], { encoding: 'utf8' }) === '0\n';
    } catch {
      return false;
    }
  })();
const no32 = 'this kernel takes no 32-bit system calls';

const SIGSYS = 128 + 31;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_ALG = 38;
const socketcall = (family: number) => `i386:102,1,@${family};1;0`;
const socket32 = (family: number) => `i386:359,${family},1,0`;

/** How `calls` end under a profile that allows only some socket families. */
async function attempted(rig: Rig, seccomp: Partial<Seccomp>, ...calls: string[]): Promise<Ran> {
  const bundle = (await rig.bundle()).runs(['/system-call', ...calls]);
  copyProgram('system-call', join(bundle.rootfs, 'system-call'));
  bundle.edit(({ linux }) => {
    linux.seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
      ...seccomp,
    };
  });
  return rig.run(bundle);
}

bothWays('CVE-2026-123876: a denied socket family by another way', (promise) => {
  const denied: Seccomp['syscalls'] = [
    {
      names: ['socket'],
      action: 'SCMP_ACT_ERRNO',
      args: [{ index: 0, value: 12, op: 'SCMP_CMP_GE' }],
    },
  ];

  promise.needs(has32, no32)('socketcall, whose family no filter sees, is denied', async (rig) => {
    const calls = [socketcall(AF_ALG), socketcall(AF_UNIX), socket32(AF_ALG), socket32(AF_UNIX)];
    const { stdout } = await attempted(rig, { syscalls: denied }, ...calls);
    expect(stdout).toBe('EPERM\nEPERM\nEPERM\n0\n');
  });

  promise.needs(has32, no32)('an own rule for socketcall wins, ENOSYS as any', async (rig) => {
    const syscalls: Seccomp['syscalls'] = [
      { names: ['socketcall'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
      ...denied,
    ];
    const { stdout } = await attempted(rig, { syscalls }, socketcall(AF_INET), socket32(AF_INET));
    expect(stdout).toBe('ENOSYS\n0\n');
  });

  promise('bits of the family that the kernel drops do not hide it', async (rig) => {
    const number = process.arch === 'x64' ? 41 : 198;
    const high = (2n ** 32n + BigInt(AF_ALG)).toString();
    const { stdout } = await attempted(rig, { syscalls: denied }, `${number},${high},5,0`);
    expect(stdout).toBe('EPERM\n');
  });
});

bothWays('calls of another architecture pass by the rules', (promise) => {
  const architectures: Seccomp['architectures'] = ['SCMP_ARCH_X86_64'];

  promise.needs(has32, no32)('32-bit code is killed where it is not listed', async (rig) => {
    const { status, stdout } = await attempted(rig, { architectures }, '39', 'i386:20');
    expect({ status, stdout }).toEqual({ status: SIGSYS, stdout: '0\n' });
  });

  promise.needs(process.arch === 'x64', 'only an x86 kernel has x32')('so is x32', async (rig) => {
    const { status, stdout } = await attempted(rig, { architectures }, '39', '0x40000027');
    expect({ status, stdout }).toEqual({ status: SIGSYS, stdout: '0\n' });
  });
});

bothWays('the listener of a seccomp agent is in the container', (promise) => {
  promise('the program has no descriptor of it', async (rig) => {
    const path = join(rig.directory('agent'), 'socket');
    const agent = rig.launch([rig.program('seccomp-agent'), path, '1']);
    expect(await until(() => existsSync(path))).toBe(true);
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        listenerPath: path,
        syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY' }],
      };
    });
    const { stdout } = await rig.run(bundle.runs('ls -l /proc/1/fd | grep -c -i seccomp'));
    expect(stdout).toBe('0\n');
    expect((await agent.ended).status).toBe(0);
  });
});
