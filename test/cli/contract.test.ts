// The command line of runc and crun: what callers send is accepted, flag for flag.

import { describe, expect, test } from '@jest/globals';
import { globalFlags } from '../../src/cli/flags/global.js';
import { parse } from '../../src/cli/parse.js';
import type { Flag, Flags } from '../../src/cli/verb.js';
import { loadVerb } from '../../src/cli/verbs.js';

const launch = [
  '--bundle DIR',
  '-b DIR',
  '--config FILE',
  '-f FILE',
  '--console-socket SOCK',
  '--pidfd-socket SOCK',
  '--pid-file FILE',
  '--no-pivot',
  '--no-new-keyring',
  '--preserve-fds 2',
  '--no-subreaper',
];

/** By command, each flag of runc or crun with a value it takes. */
const contract: Record<string, readonly string[]> = {
  create: launch,
  run: [...launch, '--detach', '-d', '--keep'],
  exec: [
    ...['--process FILE', '-p FILE', '--detach', '-d', '--pid-file FILE', '--console-socket SOCK'],
    ...['--pidfd-socket SOCK', '--tty', '-t', '--tty=word', '--cwd /x', '--env A=1', '-e A=1'],
    ...['--user 1:2', '-u 1', '--additional-gids 5', '-g 5', '--cap CAP_CHOWN', '-c CAP_CHOWN'],
    ...['--apparmor PROFILE', '--process-label LABEL', '--no-new-privs', '--preserve-fds 1'],
    ...['--cgroup /', '--ignore-paused'],
  ],
  state: [],
  start: [],
  kill: ['--all', '-a', '--regex', '-r'],
  delete: ['--force', '-f', '--regex', '-r'],
  list: ['--format table', '--format json', '-f json', '--quiet', '-q'],
  ps: ['--format table', '--format json', '-f json'],
  spec: ['--bundle DIR', '-b DIR', '--rootless', '--file FILE', '-f FILE'],
  features: [],
};

const globals = [
  ...['--debug', '--log FILE', '--log-format text', '--log-format json', '--log-level debug'],
  ...['--log-level warning', '--log-level error', '--root DIR', '--systemd-cgroup'],
  ...['--cgroup-manager cgroupfs', '--cgroup-manager systemd', '--cgroup-manager disabled'],
  ...['--rootless true', '--rootless false', '--rootless auto', '--criu PATH'],
  ...['--version', '-v', '-V', '--help', '-h', '-?', '--usage'],
];

function spellings(flag: string): string[][] {
  const [name = '', value] = flag.split(' ');
  if (value === undefined) return [[name]];
  const forms = [[name, value], [`${name}=${value}`]];
  // Go's package takes one dash as well as two.
  return name.startsWith('--') ? [...forms, [name.slice(1), value]] : forms;
}

function accepted(flags: Flags, words: string[], stopEarly = false): boolean {
  return parse(flags, words, stopEarly).ok;
}

describe('every flag of runc and crun is accepted', () => {
  test.each(globals.map((flag) => [flag]))('before the command: %s', (flag) => {
    for (const words of spellings(flag)) expect(accepted(globalFlags, words, true)).toBe(true);
  });

  for (const [command, flags] of Object.entries(contract)) {
    test(`${command}: ${flags.join(' ')}`, async () => {
      const verb = await loadVerb(command);
      for (const words of flags.flatMap(spellings))
        expect({ words, ok: accepted(verb?.flags ?? {}, words) }).toEqual({ words, ok: true });
    });
  }
});

describe('the tables are sound', () => {
  const names = [
    ...Object.keys(contract),
    'validate',
    'schema',
    'check',
    'audit',
    'explain',
    'demo',
    'completion',
  ];
  const tables = async () => {
    const verbs = await Promise.all(names.map((name) => loadVerb(name)));
    return [globalFlags as Flags, ...verbs.map((verb) => verb?.flags as Flags)];
  };

  test('no two flags of a command have one letter', async () => {
    for (const table of await tables()) {
      const letters = Object.values(table).flatMap(({ alias }: Flag) => alias ?? []);
      expect(letters).toEqual([...new Set(letters)]);
      expect(letters.every((letter) => letter.length === 1)).toBe(true);
    }
  });

  test('every flag is described in one line', async () => {
    for (const table of await tables())
      for (const { description } of Object.values(table))
        expect(description).toMatch(/^[^\n]+[^.\n]$/);
  });

  test('a command is called what its file is called', async () => {
    for (const name of names) expect((await loadVerb(name))?.name).toBe(name);
  });
});
