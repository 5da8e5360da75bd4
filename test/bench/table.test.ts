import { expect, test } from '@jest/globals';
import type { Session } from './session.js';
import { sessionText } from './table.js';

const sample = (ms: number) => ({ at: 0, us: ms * 1000, busyUs: ms * 500, peakKiB: 2048 });
const peer = (name: string, title: string, family: 'sampan' | 'crun') => {
  return { name, title, family, options: [], broken: {} };
};
const grown = (...ms: [number, number]) => ({ sampan: [sample(ms[0])], crun: [sample(ms[1])] });
const session: Session = {
  identity: 'root',
  cgroups: 'cgroup v2',
  peers: [peer('sampan', 'sampan 0.1', 'sampan'), peer('crun', 'crun 1.8', 'crun')],
  times: [
    {
      row: 'run',
      bundle: 'default',
      results: { sampan: [sample(9), sample(11)], crun: [sample(20)] },
    },
    { row: 'exec', bundle: 'podman', results: { sampan: [sample(7)], crun: 'no such thing' } },
  ],
  foreground: { sampan: { rssKiB: 512, pssKiB: 102, processes: ['sampan'] }, crun: 'it fell' },
  created: {},
  instructions: {},
  growth: { 1: { run: grown(10, 10) }, 100: { run: grown(11, 10) }, 1000: { run: grown(20, 11) } },
  phases: [
    { name: 'engine start', us: 600 },
    { name: 'clone', us: 1400 },
  ],
};

test('times with ratios and verdicts, what stays, growth, phases, and why a cell is empty', () => {
  expect(sessionText(session).split('\n')).toEqual([
    '### As root, cgroup v2',
    '',
    '| median ms (× sampan takes) | bundle | sampan 0.1 | crun 1.8 | target |',
    '| --- | ---: | ---: | ---: | ---: |',
    '| run | default | 10.0 | 20.0 (0.50) | met |',
    '| exec | podman | 7.0 | – |  |',
    '',
    '| ms on processors (× sampan takes) | bundle | sampan 0.1 | crun 1.8 |',
    '| --- | ---: | ---: | ---: |',
    '| run | default | 5.0 | 10.0 (0.50) |',
    '| exec | podman | 3.5 | – |',
    '',
    '| memory, MB (RSS / PSS) | sampan 0.1 | crun 1.8 | target |',
    '| --- | ---: | ---: | ---: |',
    '| peak of run | 2.0 | 2.0 |  |',
    '| beside one in the foreground | 0.5 / 0.1 | – | met |',
    '',
    '| ms while 1 → 100 → 1000 exist (×) | sampan 0.1 | crun 1.8 | target |',
    '| --- | ---: | ---: | ---: |',
    '| run | 10.0 → 11.0 → 20.0 (2.00) | 10.0 → 10.0 → 11.0 (1.10) | **missed**: 2.00 ×, not ≤ 1.25 |',
    '',
    '| phase of `sampan run` | ms |',
    '| --- | ---: |',
    '| engine start | 0.60 |',
    '| clone | 1.40 |',
    '| together | 2.00 |',
    '',
    '* crun 1.8, bundle of podman: no such thing',
    '* crun 1.8, memory: it fell',
  ]);
});
