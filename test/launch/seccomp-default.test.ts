// Docker's default profile as the fixture has it: in an interpreter, and loaded into a process.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type CompiledSeccomp, compileSeccomp } from '../../src/launch/seccomp.js';
import { addon } from '../../src/native/load.js';
import type { Seccomp } from '../../src/spec/config/seccomp.js';
import { needs } from '../rig/needs.js';
import { answer } from './seccomp-interpreter.js';

const X86_64 = 0xc000003e;
const AARCH64 = 0xc00000b7;
const I386 = 0x40000003;
const KILL = 0;
const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;

const fixture = new URL('../../spec-fixtures/seccomp/default.json', import.meta.url);
const profile = JSON.parse(readFileSync(fixture, 'utf8')) as Seccomp;
const compiled = compileSeccomp(profile, addon());

/** Calls by their numbers on x86_64 and aarch64; null where the architecture lacks the call. */
type Row = [call: string, x86_64: number | null, aarch64: number | null, ...args: bigint[]];

const allowed: Row[] = [
  ['read', 0, 63],
  ['execve', 59, 221],
  ['exit_group', 231, 94],
  ['openat2', 437, 437],
  ['chroot, by CAP_SYS_CHROOT', 161, 51],
  ['ptrace, since Linux 4.8', 101, 117],
  ['arch_prctl', 158, null],
  ['futex_waitv', 449, 449],
  ['mseal, which libseccomp 2.5 cannot name', 462, 462],
  ['clone of a thread', 56, 220, 0x3d0f00n],
  ['clone of a process', 56, 220, 17n],
  ['personality(PER_LINUX)', 135, 92, 0n],
  ['personality(query)', 135, 92, 0xffffffffn],
  ['socket(AF_UNIX)', 41, 198, 1n],
  ['socket(AF_INET6)', 41, 198, 10n],
  ['socket(AF_NETLINK)', 41, 198, 16n],
];

const refused: Row[] = [
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['setns', 308, 268],
  ['unshare', 272, 97],
  ['keyctl', 250, 219],
  ['add_key', 248, 217],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['io_uring_setup', 425, 425],
  ['kexec_load', 246, 104],
  ['init_module', 175, 105],
  ['reboot', 169, 142],
  ['settimeofday', 164, 170],
  ['open_by_handle_at', 304, 265],
  ['pivot_root', 155, 41],
  ['clone(CLONE_NEWUSER)', 56, 220, 0x10000011n],
  ['clone(CLONE_NEWCGROUP)', 56, 220, 0x02000011n],
  ['personality(ADDR_NO_RANDOMIZE)', 135, 92, 0x40000n],
  ['socket(AF_DECnet)', 41, 198, 12n],
  ['socket(AF_MAX)', 41, 198, 46n],
];

/** On this machine; none where it lacks the call. The tests of the addon ask for both. */
function answers([, onX86, onArm, ...args]: Row): number[] {
  const number = process.arch === 'x64' ? onX86 : onArm;
  const architecture = process.arch === 'x64' ? X86_64 : AARCH64;
  return number === null ? [] : [answer(compiled.filter, { architecture, number, args })];
}

/** What 32-bit x86 code gets. */
const onlyX86 = needs('unit', process.arch === 'x64', 'only an x86 kernel runs 32-bit x86 code');

describe('the default profile', () => {
  test.each(allowed)('allows %s', (...row) => {
    expect(new Set(answers(row))).toEqual(new Set([ALLOW]));
  });

  test.each(refused)('refuses %s with EPERM', (...row) => {
    expect(new Set(answers(row))).toEqual(new Set([EPERM]));
  });

  test('clone3 and what is newer than the profile do not exist, so that libc falls back', () => {
    expect(answers(['clone3', 435, 435])).toEqual([ENOSYS]);
    expect(answers(['a new call', 1000, 1000])).toEqual([ENOSYS]);
  });

  onlyX86('32-bit code and x32 do not run', () => {
    const read = (architecture: number, number: number) =>
      answer(compiled.filter, { architecture, number });
    expect([read(I386, 3), read(X86_64, 0x40000000)]).toEqual([KILL, KILL]);
  });

  test.each([38n, 40n, (1n << 32n) + 38n, (1n << 63n) + 40n, (1n << 32n) + 2n])(
    'CVE-2026-123876: socket(%s) is refused, also with bits that the kernel drops',
    (family) => {
      expect(answers(['socket', 41, 198, family])).toEqual([EPERM]);
    },
  );

  onlyX86(
    'CVE-2026-123876: socketcall does not open the way again where 32-bit code is added',
    () => {
      const architectures: Seccomp['architectures'] = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'];
      const { filter } = compileSeccomp({ ...profile, architectures }, addon());
      const subcalls = Array.from({ length: 21 }, (_, call) =>
        answer(filter, { architecture: I386, number: 102, args: [BigInt(call)] }),
      );
      expect(new Set(subcalls)).toEqual(new Set([ENOSYS]));
      expect(answer(filter, { architecture: I386, number: 359, args: [38n] })).toBe(EPERM);
      expect(answer(filter, { architecture: I386, number: 359, args: [2n] })).toBe(ALLOW);
    },
  );
});

/** A program that loads the filter on its standard input, makes each call, prints each errno. */
const attempts = `
  binmode STDIN; local $/; my $filter = <STDIN>;
  my ($seccomp, $prctl, $flags, @calls) = @ARGV;
  my $program = pack('S x![P] P', length($filter) / 8, $filter);
  syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "prctl: $!";
  syscall($seccomp, 1, $flags + 0, $program) == 0 or die "seccomp: $!";
  my @errnos = map {
    my ($number, @arguments) = map { $_ + 0 } split /,/;
    syscall($number, @arguments) == -1 ? $! + 0 : 0
  } @calls;
  print join(' ', @errnos);
`;

function errnosUnder({ filter, flags }: CompiledSeccomp, calls: readonly string[]): string {
  const [seccomp, prctl] = process.arch === 'x64' ? [317, 157] : [277, 167];
  const args = ['-e', attempts, `${seccomp}`, `${prctl}`, `${flags}`, ...calls];
  const { stdout, stderr } = spawnSync('perl', args, { input: filter, encoding: 'utf8' });
  return stdout + stderr;
}

needs(
  'e2e',
  existsSync('/usr/bin/perl'),
  'no perl to load the filter',
)('the kernel loads the default profile and refuses what it refuses', () => {
  const [mount, socket] = process.arch === 'x64' ? [165, 41] : [40, 198];
  const calls = [
    `${mount},0,0,0,0,0`,
    '435,0,0',
    '1000',
    `${socket},4294967334,5,0`,
    `${socket},1,1,0`,
  ];
  expect(errnosUnder(compiled, calls)).toBe('1 38 38 1 0');
});
