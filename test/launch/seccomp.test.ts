import { describe, expect, test } from '@jest/globals';
import { Failed } from '../../src/failure.js';
import { compileSeccomp } from '../../src/launch/seccomp.js';
import { addon } from '../../src/native/load.js';
import type { Seccomp, SeccompRule } from '../../src/spec/config/seccomp.js';
import { answer } from './seccomp-interpreter.js';

const [name, architecture] =
  process.arch === 'x64'
    ? (['SCMP_ARCH_X86_64', 0xc000003e] as const)
    : (['SCMP_ARCH_AARCH64', 0xc00000b7] as const);
const READ = process.arch === 'x64' ? 0 : 63;
const ALLOW = 0x7fff0000;
const errno = (value: number) => 0x00050000 | value;

const compile = (profile: Partial<Seccomp>) =>
  compileSeccomp({ defaultAction: 'SCMP_ACT_ERRNO', ...profile }, addon());

/** What the filter answers to a call of this machine's own architecture. */
function asked(profile: Partial<Seccomp>, number: number, ...args: bigint[]): number {
  const { filter } = compile({ architectures: [name], ...profile });
  return answer(filter, { architecture, number, args });
}

function failureOf(profile: Partial<Seccomp>) {
  try {
    compile(profile);
  } catch (error) {
    if (error instanceof Failed) return error.failure;
    throw error;
  }
  throw new Error('compiled');
}

const read = (rule: Partial<SeccompRule>): Pick<Seccomp, 'syscalls'> => ({
  syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', ...rule }],
});

test('names of no call of this machine are left out and told', () => {
  expect(compile(read({ names: ['read', 'no_such_call'] })).unknown).toEqual(['no_such_call']);
});

describe('actions', () => {
  test.each([
    ['SCMP_ACT_KILL', 0],
    ['SCMP_ACT_KILL_THREAD', 0],
    ['SCMP_ACT_KILL_PROCESS', 0x80000000],
    ['SCMP_ACT_TRAP', 0x00030000],
    ['SCMP_ACT_LOG', 0x7ffc0000],
    ['SCMP_ACT_ALLOW', ALLOW],
    ['SCMP_ACT_ERRNO', errno(1)],
    ['SCMP_ACT_TRACE', 0x7ff00001],
    ['SCMP_ACT_NOTIFY', 0x7fc00000],
  ] as const)('%s reaches the filter, as a rule and as the default', (action, value) => {
    expect(asked({ defaultAction: 'SCMP_ACT_LOG', ...read({ action }) }, READ)).toBe(value);
    expect(asked({ defaultAction: action }, READ)).toBe(value);
  });

  test('errnoRet and defaultErrnoRet replace EPERM', () => {
    const profile = { defaultErrnoRet: 13, ...read({ action: 'SCMP_ACT_ERRNO', errnoRet: 4095 }) };
    expect(asked(profile, READ)).toBe(errno(4095));
    expect(asked({ ...profile, ...read({ action: 'SCMP_ACT_TRACE', errnoRet: 7 }) }, READ)).toBe(
      0x7ff00007,
    );
    expect(asked({ defaultErrnoRet: 13, ...read({}) }, 1)).toBe(errno(38));
    expect(asked({ defaultErrnoRet: 13, ...read({ names: ['write'] }) }, READ)).toBe(errno(13));
  });

  test('newer calls do not exist, unless the default lets calls pass', () => {
    expect(asked(read({}), 9999)).toBe(errno(38));
    expect(asked({ defaultAction: 'SCMP_ACT_KILL', ...read({}) }, 9999)).toBe(errno(38));
    expect(asked({ defaultAction: 'SCMP_ACT_LOG', ...read({}) }, 9999)).toBe(0x7ffc0000);
    expect(asked({ defaultAction: 'SCMP_ACT_TRACE', ...read({}) }, 9999)).toBe(0x7ff00001);
    expect(asked({ defaultAction: 'SCMP_ACT_NOTIFY', ...read({}) }, 9999)).toBe(0x7fc00000);
  });
});

describe('arguments', () => {
  test('64-bit values arrive whole, as numbers and as bigints', () => {
    const profile = read({
      args: [
        { index: 0, value: 2 ** 53 - 1, op: 'SCMP_CMP_EQ' },
        {
          index: 5,
          value: 0xffffffffffffffffn,
          valueTwo: 0x8000000000000001n,
          op: 'SCMP_CMP_MASKED_EQ',
        },
      ],
    });
    const call = (first: bigint, last: bigint) => asked(profile, READ, first, 0n, 0n, 0n, 0n, last);
    expect(call(2n ** 53n - 1n, 0x8000000000000001n)).toBe(ALLOW);
    expect(call(2n ** 53n, 0x8000000000000001n)).toBe(errno(1));
    expect(call(2n ** 53n - 1n, 1n)).toBe(errno(1));
  });

  test('an empty list of arguments is no condition', () => {
    expect(asked(read({ args: [] }), READ, 5n)).toBe(ALLOW);
  });
});

describe('flags', () => {
  test.each<[string, Seccomp['flags'], number]>([
    ['absent: SPEC_ALLOW', undefined, 4],
    ['empty: none', [], 0],
    ['LOG', ['SECCOMP_FILTER_FLAG_LOG'], 2],
    ['TSYNC has no meaning for one thread', ['SECCOMP_FILTER_FLAG_TSYNC'], 0],
    ['WAIT_KILLABLE_RECV needs a listener', ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'], 0],
    ['several', ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'], 6],
  ])('%s', (_, flags, bits) => {
    expect(compile(flags === undefined ? {} : { flags }).flags).toBe(bits);
  });

  test('NOTIFY asks for a listener, and only then is WAIT_KILLABLE_RECV given on', () => {
    const asks = read({ action: 'SCMP_ACT_NOTIFY' });
    expect(compile(asks).flags).toBe(4 | 8);
    const flags: Seccomp['flags'] = ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'];
    expect(compile({ ...asks, flags }).flags).toBe(32 | 8);
    expect(compile({ defaultAction: 'SCMP_ACT_NOTIFY', flags }).flags).toBe(32 | 8);
  });
});

test('a filter longer than the kernel takes is refused with both lengths', () => {
  const many = Array.from({ length: 1500 }, (_, value) => ({
    names: ['read'],
    action: 'SCMP_ACT_ALLOW' as const,
    args: [{ index: 0, value, op: 'SCMP_CMP_EQ' as const }],
  }));
  const { pointer, cause } = failureOf({ syscalls: many });
  expect(pointer).toBe('/linux/seccomp');
  expect(cause).toMatch(/^the filter has 7\d{3} instructions, the kernel takes 4096$/);
});

test('the addon refuses words that do not fit the names', () => {
  const call = (words: number[], names: string) => () =>
    addon().compileSeccomp(Uint32Array.from(words), names);
  expect(call([ALLOW, 0, 0, 0], 'read\0')).toThrow('do not fit');
  expect(call([ALLOW, 0, 1, 0], '')).toThrow('do not fit');
  expect(call([ALLOW, 0, 0, 0xffffffff], '')).toThrow('do not fit');
  expect(call([ALLOW, 0, 0, 1, 0, 0xffffffff, 0], 'read\0')).toThrow('do not fit');
  expect(call([ALLOW, 0, 0, 1, 0, 1, 0xffffffff, 0], 'read\0')).toThrow('do not fit');
  expect(call([ALLOW, 0, 0, 0, 7], '')).toThrow('do not fit');
  const rule = (...condition: number[]) => [ALLOW, 0, 0, 1, 0, 1, 1, ...condition, 0, 0, 0, 0];
  expect(call(rule(6, 1), 'read\0')).toThrow('do not fit');
  expect(call(rule(5, 8), 'read\0')).toThrow('do not fit');
  expect(call(rule(5, 7), 'read\0')).not.toThrow();
  expect(call([], '')).toThrow('do not fit');
  expect(call([ALLOW, 0, 0, 0], '')).not.toThrow();
});
