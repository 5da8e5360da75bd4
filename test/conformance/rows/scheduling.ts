// config.md#linux-process: when and where the process runs.

import { deepEqual, equal } from 'node:assert/strict';
import { cpus } from 'node:os';
import { readProbe } from '../../rig/probe.js';
import { ofProcess } from '../changes.js';
import { asRoot, bothWays, needs, row } from '../row.js';
import type { Subject } from '../subject.js';

const scheduler = async (subject: Subject, values: Record<string, unknown>) => {
  const seen = await subject.sees(['scheduler'], ofProcess({ scheduler: values }));
  return seen.scheduler;
};

const inherited = 300;

export const schedulingRows = [
  row('process.oomScoreAdj', 'untouched if unset', {
    'is what it is set to': async (subject) => {
      equal(
        (await subject.sees(['oomScoreAdj'], ofProcess({ oomScoreAdj: 567 }))).oomScoreAdj,
        567,
      );
    },
    'is the caller’s when unset': async (subject) => {
      const under = ['choom', '-n', `${inherited}`, '--'];
      equal((await subject.sees(['oomScoreAdj'], undefined, { under })).oomScoreAdj, inherited);
    },
    'out of range is an error': (subject) => subject.refuses(ofProcess({ oomScoreAdj: 1001 })),
  }),
  row('process.scheduler', 'seven policies, seven flags, each with its numbers', {
    'SCHED_OTHER with a nice value': async (subject) => {
      const seen = await scheduler(subject, { policy: 'SCHED_OTHER', nice: 19 });
      deepEqual([seen.policy, seen.nice], ['SCHED_OTHER', 19]);
    },
    'SCHED_BATCH with a nice value': async (subject) => {
      const seen = await scheduler(subject, { policy: 'SCHED_BATCH', nice: 19 });
      deepEqual([seen.policy, seen.nice], ['SCHED_BATCH', 19]);
    },
    SCHED_IDLE: async (subject) => {
      equal((await scheduler(subject, { policy: 'SCHED_IDLE' })).policy, 'SCHED_IDLE');
    },
    'SCHED_FIFO with a priority': asRoot(async (subject) => {
      const seen = await scheduler(subject, { policy: 'SCHED_FIFO', priority: 10 });
      deepEqual([seen.policy, seen.priority], ['SCHED_FIFO', 10]);
    }),
    'SCHED_RR with a priority': asRoot(async (subject) => {
      const seen = await scheduler(subject, { policy: 'SCHED_RR', priority: 20 });
      deepEqual([seen.policy, seen.priority], ['SCHED_RR', 20]);
    }),
    'SCHED_DEADLINE with runtime, deadline and period': asRoot(async (subject) => {
      const times = { runtime: 1_000_000, deadline: 5_000_000, period: 10_000_000 };
      const seen = await scheduler(subject, { policy: 'SCHED_DEADLINE', ...times });
      const { policy, runtime, deadline, period } = seen;
      deepEqual({ policy, runtime, deadline, period }, { policy: 'SCHED_DEADLINE', ...times });
    }),
    'a flag': asRoot(async (subject) => {
      const flags = ['SCHED_FLAG_RESET_ON_FORK'];
      const seen = await scheduler(subject, { policy: 'SCHED_RR', priority: 1, flags });
      deepEqual(seen.flags, flags);
    }),
    'SCHED_ISO, which no kernel has, is an error': (subject) =>
      subject.refuses(ofProcess({ scheduler: { policy: 'SCHED_ISO' } })),
    'an unknown policy is an error': (subject) =>
      subject.refuses(ofProcess({ scheduler: { policy: 'SCHED_FAST' } })),
    'an unknown flag is an error': (subject) =>
      subject.refuses(ofProcess({ scheduler: { policy: 'SCHED_OTHER', flags: ['SCHED_X'] } })),
  }),
  row('process.ioPriority', 'a class, and a priority from 0 to 7', {
    'best effort': async (subject) => {
      const ioPriority = { class: 'IOPRIO_CLASS_BE', priority: 5 };
      deepEqual(
        (await subject.sees(['ioPriority'], ofProcess({ ioPriority }))).ioPriority,
        ioPriority,
      );
    },
    idle: async (subject) => {
      const ioPriority = { class: 'IOPRIO_CLASS_IDLE', priority: 0 };
      const seen = (await subject.sees(['ioPriority'], ofProcess({ ioPriority }))).ioPriority;
      equal(seen.class, 'IOPRIO_CLASS_IDLE');
    },
    'real time': asRoot(async (subject) => {
      const ioPriority = { class: 'IOPRIO_CLASS_RT', priority: 2 };
      deepEqual(
        (await subject.sees(['ioPriority'], ofProcess({ ioPriority }))).ioPriority,
        ioPriority,
      );
    }),
    'an unknown class or a priority of 8 is an error': async (subject) => {
      await subject.refuses(ofProcess({ ioPriority: { class: 'IOPRIO_CLASS_X', priority: 1 } }));
      await subject.refuses(ofProcess({ ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 8 } }));
    },
  }),
  row('process.execCPUAffinity', 'initial and final, for exec alone', {
    'final is that of the process that exec starts': needs(
      cpus().length > 1,
      'this machine has one CPU',
      bothWays(async (subject) => {
        deepEqual(await affinityOfExec(subject, { final: '1' }), [1]);
      }),
    ),
    'initial is, where there is no final': needs(
      cpus().length > 1,
      'this machine has one CPU',
      bothWays(async (subject) => {
        deepEqual(await affinityOfExec(subject, { initial: '0' }), [0]);
      }),
    ),
    'the container’s own process is not concerned': needs(
      cpus().length > 1,
      'this machine has one CPU',
      bothWays(async (subject) => {
        const own = (await subject.sees(['affinity'])).affinity;
        const change = ofProcess({ execCPUAffinity: { initial: '0', final: '0' } });
        deepEqual((await subject.sees(['affinity'], change)).affinity, own);
      }),
    ),
  }),
];

/** What the probe sees in a process that exec starts in a container with `execCPUAffinity`. */
async function affinityOfExec(subject: Subject, execCPUAffinity: Record<string, string>) {
  const args = ['/bin/sleep', '1000'];
  const bundle = subject.bundle(ofProcess({ execCPUAffinity, args }));
  const id = subject.rig.newId();
  await subject.succeeds('run', '--bundle', bundle.path, '--detach', id);
  const { stdout } = await subject.succeeds('exec', id, '/bin/probe', 'affinity');
  await subject.succeeds('delete', '--force', id);
  return readProbe<'affinity'>(stdout).affinity;
}
