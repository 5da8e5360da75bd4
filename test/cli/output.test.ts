// Output that callers parse: tables, JSON, log records.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idLines, jsonLine, table } from '../../src/cli/list-output.js';
import { linesOf } from '../../src/cli/ps-output.js';
import { jsonReport, textReport } from '../../src/cli/validate-output.js';
import type { ContainerState } from '../../src/container/state.js';
import { configureLog, log } from '../../src/log.js';

const web: ContainerState = {
  ociVersion: '1.3.0',
  id: 'web',
  pid: 4242,
  status: 'running',
  bundle: '/srv/bundles/web',
  rootfs: '/srv/bundles/web/rootfs',
  created: '2026-11-20T17:45:17.123456789Z',
  owner: 'root',
};

describe('list', () => {
  test('without containers is the header, in columns of twelve', () => {
    expect(table([])).toBe('ID          PID         STATUS      BUNDLE      CREATED     OWNER\n');
  });

  test('widens a column to three blanks after its longest cell', () => {
    expect(table([web, { ...web, id: 'stopped-container', pid: 0, status: 'stopped' }])).toBe(
      [
        'ID                  PID         STATUS      BUNDLE             CREATED                          OWNER',
        'web                 4242        running     /srv/bundles/web   2026-11-20T17:45:17.123456789Z   root',
        'stopped-container   0           stopped     /srv/bundles/web   2026-11-20T17:45:17.123456789Z   root',
        '',
      ].join('\n'),
    );
  });

  test('as JSON is one array in one line, also when empty', () => {
    expect(jsonLine([])).toBe('[]\n');
    expect(JSON.parse(jsonLine([web]))).toEqual([web]);
    expect(jsonLine([web]).indexOf('\n')).toBe(jsonLine([web]).length - 1);
  });

  test('quiet is one id to a line', () => {
    expect(idLines([])).toBe('');
    expect(idLines(['web', 'b'])).toBe('web\nb\n');
  });
});

describe('ps', () => {
  const output =
    '  PPID     PID CMD\n     1      10 init\n    10      11 sh 12\n     1      12 x\n';

  test('keeps the header and the lines of the pids, found by the PID column', () => {
    expect(linesOf([10, 11], output)).toBe(
      '  PPID     PID CMD\n     1      10 init\n    10      11 sh 12\n',
    );
  });

  test('without processes is the header', () => {
    expect(linesOf([], output)).toBe('  PPID     PID CMD\n');
  });

  test('a process writes nothing that a terminal obeys', () => {
    expect(linesOf([1], 'PID CMD\n  1 \u001b]0;EVIL\u0007\n')).toBe(
      'PID CMD\n  1 \\x1b]0;EVIL\\x07\n',
    );
  });

  test('refuses a table without pids', () => {
    expect(() => linesOf([1], 'COMMAND\ninit\n')).toThrow(/no PID column/);
  });
});

describe('validate', () => {
  const report = {
    bundle: '/b',
    config: '/b/config.json',
    valid: false,
    problems: [
      {
        severity: 'error' as const,
        pointer: '/process/cwd',
        message: 'must be an absolute path',
        expected: 'a path from /',
        got: '"tmp"',
      },
      { severity: 'warning' as const, pointer: '', message: 'odd' },
    ],
  };

  test('lists every problem with its pointer, what was expected and what came', () => {
    expect(textReport(report)).toBe(
      [
        '/b/config.json',
        '  error    /process/cwd: must be an absolute path',
        '           expected a path from /, got "tmp"',
        '  warning  /: odd',
        '  1 error, 1 warning',
        '',
      ].join('\n'),
    );
  });

  test('says so when there is nothing to say', () => {
    expect(textReport({ ...report, problems: [] })).toBe('/b/config.json\n  no problems\n');
  });

  test('as JSON is the report', () => {
    expect(JSON.parse(jsonReport(report))).toEqual(report);
  });
});

describe('the log', () => {
  let directory: string;
  let file: string;
  const written = () => readFileSync(file, 'utf8');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sampan-log-'));
    file = join(directory, 'log');
  });

  afterEach(() => {
    configureLog({ format: 'text', debug: false });
    rmSync(directory, { recursive: true });
  });

  test('as JSON has the level, msg and time that go-runc and conmon read', () => {
    configureLog({ file, format: 'json', debug: false });
    log('error', 'mount "proc": \u001b\n');
    const record = JSON.parse(written());
    expect(record).toEqual({ level: 'error', msg: 'mount "proc": \u001b\n', time: record.time });
    expect(record.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(written().endsWith('}\n')).toBe(true);
  });

  test('as text is logfmt with what needs quotes in quotes', () => {
    configureLog({ file, format: 'text', debug: false });
    log('warning', 'no cgroup "x"');
    log('warning', 'word');
    const [first, second] = written().split('\n');
    expect(first).toMatch(/^time="[^"]+" level=warning msg="no cgroup \\"x\\""$/);
    expect(second).toMatch(/^time="[^"]+" level=warning msg=word$/);
  });

  test('is appended to', () => {
    for (const msg of ['one', 'two']) {
      configureLog({ file, format: 'json', debug: false });
      log('error', msg);
    }
    expect(
      written()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['one', 'two']);
  });

  test.each([
    [{ debug: false }, ['error', 'warning', 'info']],
    [{ debug: true }, ['error', 'warning', 'info', 'debug']],
    [{ debug: false, level: 'error' as const }, ['error']],
    [{ debug: true, level: 'error' as const }, ['error', 'warning', 'info', 'debug']],
  ])('%j lets %j through', (options, levels) => {
    configureLog({ file, format: 'json', ...options });
    for (const level of ['error', 'warning', 'info', 'debug'] as const) log(level, level);
    expect(
      written()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    ).toEqual(levels);
  });
});
