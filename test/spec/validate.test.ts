// Every document in spec-fixtures/config is judged as it must be.

import { describe, expect, test } from '@jest/globals';
import { type Checked, checkConfig, type Problem } from '../../src/spec/validate.js';
import { type Expected, expectations, fixtures, isNotYet, minimal, variants } from './fixtures.js';

function findings(checked: Checked): readonly Problem[] {
  return checked.ok ? checked.warnings : checked.problems;
}

/** A finding as the expectation has it, so that a difference reads well. */
function match(problem: Problem, expected: readonly Expected[]): Expected {
  const found = expected.find((e) => {
    const severity = e.severity ?? 'error';
    const same = e.pointer === problem.pointer && severity === problem.severity;
    return same && problem.message.includes(e.message);
  });
  return (
    found ?? { pointer: problem.pointer, message: problem.message, severity: problem.severity }
  );
}

const byPointer = (a: Expected, b: Expected) =>
  `${a.pointer} ${a.message}`.localeCompare(`${b.pointer} ${b.message}`);

describe('a good configuration is accepted without a word', () => {
  test.each(fixtures('good'))('$name', ({ text }) => {
    const found = findings(checkConfig(text));
    expect(found.filter((problem) => !isNotYet(problem))).toEqual([]);
    expect(checkConfig(text).ok).toBe(found.length === 0);
  });
});

describe('a good configuration comes back as it was written', () => {
  const lossless = fixtures('good').filter(
    ({ text }) => !/\d{16}/.test(text) && checkConfig(text).ok,
  );
  test.each(lossless)('$name', ({ text }) => {
    expect(checkConfig(text)).toMatchObject({ config: JSON.parse(text) });
  });
});

describe('each mistake is reported once, where it is, and nothing else', () => {
  const cases = fixtures('bad').map((fixture) => {
    const expected = expectations(fixture.name);
    const promise = expected.map((e) => `${e.pointer || 'document'} ${e.message}`).join(' · ');
    return { ...fixture, expected, promise };
  });
  test.each(cases)('$name: $promise', ({ text, expected }) => {
    const checked = checkConfig(text);
    const all = findings(checked).map((problem) => match(problem, expected));
    const found = all.filter((finding) => expected.includes(finding) || !isNotYet(finding));
    expect(found.sort(byPointer)).toEqual([...expected].sort(byPointer));
    const fatal = all.some((e) => (e.severity ?? 'error') === 'error');
    expect(checked.ok).toBe(!fatal);
  });
});

describe('the options of the check', () => {
  test('unknown: false leaves out unknown and repeated properties, and nothing else', () => {
    const text = '{"ociVersion":"1.3.0","roots":{},"root":{"path":""},"root":{"path":"rootfs"}}';
    expect(findings(checkConfig(text, { unknown: false }))).toEqual([]);
    expect(findings(checkConfig(text))).toHaveLength(2);
    expect(checkConfig('{"ociVersion":"1.3.0"}', { unknown: false }).ok).toBe(false);
  });
});

describe('escapes hide nothing', () => {
  test('a property with a mistake is refused under an escaped name', () => {
    const { ociVersion: _, ...rest } = minimal();
    const text = `{"ociVersion":"1.3.0","linux":{"int\\u0065lRdt":{"closID":".."}},${JSON.stringify(rest).slice(1)}`;
    expect(findings(checkConfig(text))).toMatchObject([{ pointer: '/linux/intelRdt/closID' }]);
  });

  test('a 64-bit argument keeps its bits under an escaped name', () => {
    const argument = '{"index":0,"op":"SCMP_CMP_EQ","valu\\u0065":18446744073709551615}';
    const rules = `[{"names":["x"],"action":"SCMP_ACT_KILL","args":[${argument}]}]`;
    const seccomp = `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":${rules}}`;
    const text = `${JSON.stringify(minimal()).slice(0, -1)},"linux":{"seccomp":${seccomp}}}`;
    const checked = checkConfig(text);
    const config = checked.ok ? checked.config : undefined;
    expect(config?.linux?.seccomp?.syscalls?.[0]?.args?.[0]?.value).toBe(2n ** 64n - 1n);
  });
});

describe('messages', () => {
  test('hold no control character of the document', () => {
    const text = JSON.stringify({ ...minimal(), 'a\u001b[2J\n': 1, ociVersion: '1\u0007' });
    const messages = findings(checkConfig(text)).map((p) => p.message);
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).not.toMatch(/\p{Cc}/u);
  });

  test('show a long value shortened', () => {
    const text = JSON.stringify({ ...minimal(), ociVersion: 'x'.repeat(10_000) });
    const [problem] = findings(checkConfig(text));
    expect(problem?.message.length).toBeLessThan(200);
  });
});

describe('no document makes the check throw', () => {
  test.each(fixtures('good'))('$name with any one value replaced', ({ text }) => {
    for (const variant of variants(JSON.parse(text))) {
      const checked = checkConfig(JSON.stringify(variant));
      if (!checked.ok) expect(checked.problems.some((p) => p.severity === 'error')).toBe(true);
    }
  });

  test('deeply nested lists and objects', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = `${open.repeat(200_000)}1${close.repeat(200_000)}`;
      expect(checkConfig(text).ok).toBe(false);
    }
  });
});
