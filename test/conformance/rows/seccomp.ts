// config-linux.md#seccomp. The system call that profiles are about is getpgid(2), which neither the
// probe nor a C library needs.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trial } from '../../rig/probe.js';
import { until } from '../../rig/until.js';
import { all, ofLinux, ofProcess } from '../changes.js';
import { row } from '../row.js';
import type { Subject } from '../subject.js';

const arm = process.arch === 'arm64';
const getpgid = arm ? 155 : 121;
const own = arm ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
const SIGSYS = 31;
const allowed: Trial = { result: 1 };

type Rule = Readonly<Record<string, unknown>>;

/** What becomes of getpgid(`argument`) under one rule. */
async function under(subject: Subject, rule: Rule, argument = 1, more: Rule = {}): Promise<Trial> {
  const seccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['getpgid'], ...rule }],
    ...more,
  };
  const section = `call:${getpgid},${argument}` as const;
  const seen: Readonly<Record<string, Trial>> = await subject.sees([section], ofLinux({ seccomp }));
  return Object.values(seen)[0] ?? {};
}

const does = (action: string, expected: Trial) => async (subject: Subject) =>
  deepEqual(await under(subject, { action }), expected);

/** With `op` and `value` the rule is for some arguments only; the others are allowed. */
const compares =
  (op: string, hits: readonly number[], misses: readonly number[], more: Rule = {}) =>
  async (subject: Subject) => {
    const args = [{ index: 0, value: 4, op, ...more }];
    const rule = { action: 'SCMP_ACT_ERRNO', errnoRet: 38, args };
    for (const hit of hits)
      deepEqual(await under(subject, rule, hit), { errno: 'ENOSYS' }, `${hit}`);
    // There is no process of that number: the kernel itself answers.
    for (const miss of misses)
      deepEqual(await under(subject, rule, miss), { errno: 'ESRCH' }, `${miss}`);
  };

const profile = JSON.parse(
  readFileSync(new URL('../../../spec-fixtures/seccomp/default.json', import.meta.url), 'utf8'),
);

export const seccompRows = [
  row('actions', 'nine', {
    SCMP_ACT_ALLOW: does('SCMP_ACT_ALLOW', allowed),
    SCMP_ACT_LOG: does('SCMP_ACT_LOG', allowed),
    SCMP_ACT_ERRNO: does('SCMP_ACT_ERRNO', { errno: 'EPERM' }),
    SCMP_ACT_TRACE: does('SCMP_ACT_TRACE', { errno: 'ENOSYS' }),
    SCMP_ACT_TRAP: does('SCMP_ACT_TRAP', { signal: SIGSYS }),
    SCMP_ACT_KILL: does('SCMP_ACT_KILL', { signal: SIGSYS }),
    SCMP_ACT_KILL_THREAD: does('SCMP_ACT_KILL_THREAD', { signal: SIGSYS }),
    SCMP_ACT_KILL_PROCESS: does('SCMP_ACT_KILL_PROCESS', { signal: SIGSYS }),
    'an unknown one is an error': (subject) =>
      subject.refuses(ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_MAYBE' } })),
  }),
  row(
    'SCMP_ACT_NOTIFY',
    '`listenerPath` gets the state and the descriptor, `listenerMetadata` with it',
    {
      'the state has the metadata, the pid and the name of the descriptor': async (subject) => {
        const { rig } = subject;
        const listenerPath = join(rig.dir, 'agent.sock');
        const agent = rig.launch([rig.program('receive-descriptor'), listenerPath]);
        ok(await until(() => existsSync(listenerPath)));
        const more = { listenerPath, listenerMetadata: 'some words' };
        // The agent closes the descriptor, so that the call is answered with ENOSYS (seccomp_unotify(2)).
        const found = await under(subject, { action: 'SCMP_ACT_NOTIFY' }, 1, more);
        deepEqual(found, { errno: 'ENOSYS' });
        const { stdout } = await agent.ended;
        const text = stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1);
        const state = JSON.parse(text);
        deepEqual(state.fds, ['seccompFd']);
        equal(state.metadata, 'some words');
        ok(state.pid > 0);
        equal(state.state.status, 'creating');
        match(state.ociVersion, /^\d+\.\d+\.\d+/);
      },
      'nobody at the path is an error': async (subject) => {
        const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_NOTIFY' }];
        const seccomp = { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/nowhere', syscalls };
        await subject.refuses(ofLinux({ seccomp }));
      },
      'without a path is an error': async (subject) => {
        const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_NOTIFY' }];
        await subject.refuses(ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls } }));
      },
    },
  ),
  row('errnoRet, defaultErrnoRet', 'EPERM when absent; an error for an action that takes none', {
    errnoRet: async (subject) => {
      const rule = { action: 'SCMP_ACT_ERRNO', errnoRet: 38 };
      deepEqual(await under(subject, rule), { errno: 'ENOSYS' });
    },
    'of an action that takes none is an error': (subject) => {
      const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_KILL', errnoRet: 1 }];
      return subject.refuses(ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls } }));
    },
    defaultErrnoRet: async (subject) => {
      // nfsservctl(2), in no profile.
      const seccomp = { ...profile, defaultErrnoRet: 12 };
      const section = `call:${arm ? 42 : 180}` as const;
      const seen = await subject.sees([section], ofLinux({ seccomp }));
      deepEqual(seen[section], { errno: 'ENOMEM' });
    },
  }),
  row('operators', 'seven', {
    SCMP_CMP_EQ: compares('SCMP_CMP_EQ', [4], [3, 5]),
    SCMP_CMP_NE: compares('SCMP_CMP_NE', [3, 5], [4]),
    SCMP_CMP_LT: compares('SCMP_CMP_LT', [3], [4, 5]),
    SCMP_CMP_LE: compares('SCMP_CMP_LE', [3, 4], [5]),
    SCMP_CMP_GE: compares('SCMP_CMP_GE', [4, 5], [3]),
    SCMP_CMP_GT: compares('SCMP_CMP_GT', [5], [3, 4]),
    SCMP_CMP_MASKED_EQ: compares('SCMP_CMP_MASKED_EQ', [4, 12], [5, 8], { value: 7, valueTwo: 4 }),
    'an unknown one is an error': (subject) => {
      const args = [{ index: 0, value: 1, op: 'SCMP_CMP_LIKE' }];
      const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_ERRNO', args }];
      return subject.refuses(ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls } }));
    },
  }),
  row('architectures', 'the names of the specification', {
    'the machine’s own': async (subject) => {
      const rule = { action: 'SCMP_ACT_ERRNO' };
      deepEqual(await under(subject, rule, 1, { architectures: [own] }), { errno: 'EPERM' });
    },
    'with others beside it': async (subject) => {
      const architectures = [
        'SCMP_ARCH_X86_64',
        'SCMP_ARCH_X86',
        'SCMP_ARCH_X32',
        'SCMP_ARCH_AARCH64',
      ];
      const found = await under(subject, { action: 'SCMP_ACT_ERRNO' }, 1, { architectures });
      deepEqual(found, { errno: 'EPERM' });
    },
    'an unknown one is an error': (subject) =>
      subject.refuses(
        ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_Z80'] } }),
      ),
  }),
  row('flags', 'TSYNC, LOG, SPEC_ALLOW, WAIT_KILLABLE_RECV', {
    ...Object.fromEntries(
      ['TSYNC', 'LOG', 'SPEC_ALLOW'].map((name) => [
        name,
        async (subject: Subject) => {
          const flags = [`SECCOMP_FILTER_FLAG_${name}`];
          const found = await under(subject, { action: 'SCMP_ACT_ERRNO' }, 1, { flags });
          deepEqual(found, { errno: 'EPERM' });
        },
      ]),
    ),
    'an unknown one is an error': (subject) => {
      const flags = ['SECCOMP_FILTER_FLAG_FAST'];
      return subject.refuses(ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', flags } }));
    },
  }),
  row('system calls newer than the profile', 'extension of runc: ENOSYS, not the default errno', {
    'a number that no profile knows': async (subject) => {
      const seen = await subject.sees(['call:9999'], ofLinux({ seccomp: profile }));
      deepEqual(seen['call:9999'], { errno: 'ENOSYS' });
    },
  }),
  row('unknown names', 'skipped', {
    'the rest of the rule is kept': async (subject) => {
      const rule = { names: ['getpgid', 'a_call_of_tomorrow'], action: 'SCMP_ACT_ERRNO' };
      deepEqual(await under(subject, rule), { errno: 'EPERM' });
    },
  }),
  row('a rule with the default action', 'skipped', {
    'is taken': async (subject) => {
      deepEqual(await under(subject, { action: 'SCMP_ACT_ALLOW' }), allowed);
    },
  }),
  row('the filter and the process', 'loaded with and without no_new_privs, for exec too', {
    'without noNewPrivileges': async (subject) => {
      const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_ERRNO' }];
      const seccomp = ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls } });
      const section = `call:${getpgid},1` as const;
      const change = all(seccomp, ofProcess({ noNewPrivileges: false }));
      const seen = await subject.sees([section, 'seccomp', 'noNewPrivileges'], change);
      deepEqual(
        [seen[section], seen.seccomp, seen.noNewPrivileges],
        [{ errno: 'EPERM' }, 2, false],
      );
    },
    'the default profile lets the probe run': async (subject) => {
      equal((await subject.sees(['seccomp'], ofLinux({ seccomp: profile }))).seccomp, 2);
    },
    'exec has the same filter': async (subject) => {
      const syscalls = [{ names: ['getpgid'], action: 'SCMP_ACT_ERRNO' }];
      const bundle = subject.bundle(
        all(
          ofLinux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls } }),
          ofProcess({ args: ['/bin/sleep', '1000'] }),
        ),
      );
      const id = subject.rig.newId();
      await subject.succeeds('run', '--bundle', bundle.path, '--detach', id);
      const { stdout } = await subject.succeeds('exec', id, '/bin/probe', `call:${getpgid},1`);
      await subject.succeeds('delete', '--force', id);
      deepEqual(Object.values(JSON.parse(stdout)), [{ errno: 'EPERM' }]);
    },
  }),
];
