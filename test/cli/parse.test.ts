// Every form that Go's flag package and getopt_long(3) take, and what is refused.

import { describe, expect, test } from '@jest/globals';
import { parse } from '../../src/cli/parse.js';
import type { Flags } from '../../src/cli/verb.js';

const table = {
  bundle: { type: 'directory', alias: 'b', value: 'DIR', default: '.', description: '' },
  detach: { type: 'switch', alias: 'd', description: '' },
  tty: { type: 'switch', alias: 't', anyWord: true, description: '' },
  env: { type: 'text', alias: 'e', value: 'NAME=VALUE', repeat: true, description: '' },
  format: {
    type: 'text',
    value: 'FORMAT',
    choices: ['table', 'json'],
    default: 'table',
    description: '',
  },
  'preserve-fds': {
    type: 'number',
    value: 'N',
    min: 0,
    max: 1048576,
    default: 0,
    description: '',
  },
  'no-subreaper': { type: 'switch', description: '' },
} as const satisfies Flags;

const defaults = {
  bundle: '.',
  detach: false,
  tty: false,
  env: [],
  format: 'table',
  'preserve-fds': 0,
  'no-subreaper': false,
};

function understood(line: string, stopEarly = false) {
  const parsed = parse(table, line.split(' ').filter(Boolean), stopEarly);
  if (!parsed.ok) throw new Error(`${parsed.problem.flag}: ${parsed.problem.cause}`);
  return { ...parsed.flags, args: parsed.args };
}

function refusal(...words: string[]) {
  const parsed = parse(table, words, false);
  if (parsed.ok) throw new Error('accepted');
  return parsed.problem;
}

describe('a command line is understood', () => {
  test.each<[string, Partial<typeof defaults> | object, string[]]>([
    ['', {}, []],
    ['ID', {}, ['ID']],
    ['--bundle /b ID', { bundle: '/b' }, ['ID']],
    ['--bundle=/b ID', { bundle: '/b' }, ['ID']],
    ['-bundle /b ID', { bundle: '/b' }, ['ID']],
    ['-bundle=/b ID', { bundle: '/b' }, ['ID']],
    ['-b /b ID', { bundle: '/b' }, ['ID']],
    ['-b/b ID', { bundle: '/b' }, ['ID']],
    ['-b=/b ID', { bundle: '/b' }, ['ID']],
    ['-no-subreaper ID', { 'no-subreaper': true }, ['ID']],
    ['ID --detach', { detach: true }, ['ID']],
    ['ID -d', { detach: true }, ['ID']],
    ['-dt', { detach: true, tty: true }, []],
    ['-tb /b', { tty: true, bundle: '/b' }, []],
    ['-dtb/b', { detach: true, tty: true, bundle: '/b' }, []],
    ['--detach=false', {}, []],
    ['--detach --detach=0', {}, []],
    ['--detach=T', { detach: true }, []],
    ['--tty=yes', { tty: true }, []],
    ['--env A=1 -e B=2 -eC=3', { env: ['A=1', 'B=2', 'C=3'] }, []],
    ['--env A=b=c', { env: ['A=b=c'] }, []],
    ['--env=A=b=c', { env: ['A=b=c'] }, []],
    ['--bundle a --bundle b', { bundle: 'b' }, []],
    ['--bundle -', { bundle: '-' }, []],
    ['--bundle --detach', { bundle: '--detach' }, []],
    ['--preserve-fds 7', { 'preserve-fds': 7 }, []],
    ['--format json', { format: 'json' }, []],
    ['-- --detach', {}, ['--detach']],
    ['ID -- -x', {}, ['ID', '-x']],
    ['-', {}, ['-']],
  ])('%s', (line, flags, args) => {
    expect(understood(line)).toEqual({ ...defaults, ...flags, args });
  });

  test('an empty value is a value', () => {
    expect(parse(table, ['--bundle=', '--env', ''], false)).toEqual({
      ok: true,
      flags: { ...defaults, bundle: '', env: [''] },
      args: [],
    });
  });
});

describe('what follows the first argument is left alone for exec and ps', () => {
  test.each<[string, object, string[]]>([
    ['ID ls -l --detach', {}, ['ID', 'ls', '-l', '--detach']],
    ['-d ID -- x', { detach: true }, ['ID', '--', 'x']],
    ['-- ID -x', {}, ['ID', '-x']],
    ['-b ID ls', { bundle: 'ID' }, ['ls']],
  ])('%s', (line, flags, args) => {
    expect(understood(line, true)).toEqual({ ...defaults, ...flags, args });
  });
});

describe('what cannot be meant is refused', () => {
  test.each<[string[], string, string]>([
    [['--bogus'], '--bogus', 'unknown flag'],
    [['--bogus=1'], '--bogus', 'unknown flag'],
    [['-x'], '-x', 'unknown flag'],
    [['-dx'], '-x', 'unknown flag'],
    [['--b', 'x'], '--b', 'unknown flag'],
    [['--toString'], '--toString', 'unknown flag'],
    [['--__proto__=1'], '--__proto__', 'unknown flag'],
    [['--constructor', 'x'], '--constructor', 'unknown flag'],
    [['--bundle'], '--bundle', 'needs a value'],
    [['-b'], '-b', 'needs a value'],
    [['--detach=maybe'], '--detach', 'expected true or false, got "maybe"'],
    [['--detach='], '--detach', 'expected true or false, got ""'],
    [['--format', 'xml'], '--format', 'expected one of table, json, got "xml"'],
    [
      ['--preserve-fds=1x'],
      '--preserve-fds',
      'expected a whole number from 0 to 1048576, got "1x"',
    ],
    [
      ['--preserve-fds', '-1'],
      '--preserve-fds',
      'expected a whole number from 0 to 1048576, got "-1"',
    ],
  ])('%j', (words, flag, cause) => {
    expect(refusal(...words)).toMatchObject({ flag, cause });
  });
});
