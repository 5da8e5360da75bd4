// The list that `explain` prints.

import { describe, expect, test } from '@jest/globals';
import { explainPlan, planJson } from '../../src/plan/explain.js';
import { capabilities, cloneFlags } from '../../src/plan/flag-names.js';
import type { LaunchPlan } from '../../src/plan/plan.js';
import { allCases } from './cases.js';

const plans = allCases().flatMap(({ name, host, compiled }) =>
  compiled.ok ? [{ name, host, plan: compiled.plan }] : [],
);

function planOf(host: string, name: string): LaunchPlan {
  const found = plans.find((c) => c.host === host && c.name === name);
  if (found === undefined) throw new Error(`no plan ${host}/${name}`);
  return found.plan;
}

function lineWith(text: string, step: string): string {
  return text.split('\n').find((line) => line.includes(`  ${step}`)) ?? '';
}

test.each(plans)('every step of $host/$name is one line with its origin', ({ plan }) => {
  const lines = explainPlan(plan).split('\n');
  const { poststart = [], poststop = [] } = plan.later ?? {};
  const steps = [...plan.steps, ...poststart, ...poststop];
  expect(lines).toHaveLength(steps.length + plan.warnings.length + 2);
  for (const [index, { step, pointer, because }] of steps.entries()) {
    const line = lines[index + 1] ?? '';
    expect(line.trimStart().startsWith(`${index + 1}  `)).toBe(true);
    expect(line).toContain(step);
    expect(line.endsWith(`[${pointer ?? because}]`)).toBe(true);
  }
  expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/);
});

describe('flags are names', () => {
  const text = explainPlan(planOf('root', 'default'));

  test('of namespaces', () => {
    expect(lineWith(text, 'clone')).toContain('CLONE_NEWPID');
    expect(cloneFlags(0)).toBe('none');
  });

  test('of mounts', () => {
    expect(text).toContain('tmpfs on /dev, nosuid,strictatime,mode=755,size=65536k');
    const options = explainPlan(planOf('root', 'mount-options'));
    expect(options).toContain(
      '/srv/a on /a, rbind,rw,nosuid,nodev,noexec,nodiratime,nosymfollow,noatime,rro,rnoatime,rslave',
    );
  });

  test('of capabilities above bit 31', () => {
    expect(capabilities(2 ** 40)).toBe('CAP_CHECKPOINT_RESTORE');
    expect(capabilities(2 ** 41 - 1)).toBe('all');
    expect(capabilities(0)).toBe('none');
  });

  test('of devices, limits and propagation', () => {
    expect(text).toContain('/dev/null c 1:3 0666, owner 0:0');
    expect(text).toContain('RLIMIT_NOFILE soft 1024, hard 1024');
    expect(lineWith(text, 'set-propagation')).toContain('rslave');
    expect(explainPlan(planOf('root', 'environment'))).toContain('hard unlimited');
  });
});

test('the warnings follow the steps', () => {
  const text = explainPlan(planOf('root', 'cgroups-disabled'));
  expect(text).toMatch(
    /execute .*\n(warning: .*\n)*warning: limit not applied: this container has no cgroup \[\/linux\/resources\/\w+\/\w+\]\n/,
  );
});

test('as JSON a 64-bit argument of a seccomp rule keeps every digit', () => {
  const json = planJson(planOf('root', 'linux-seccomp-64-bit-argument'));
  expect(json).toContain('"value": 18446744073709551615,');
  expect(json).toContain('"valueTwo": 9007199254740993');
});

test('as JSON the plan is the plan', () => {
  const plan = planOf('root', 'default');
  expect(JSON.parse(planJson(plan))).toEqual(plan);
});
