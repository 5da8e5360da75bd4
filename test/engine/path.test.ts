// The executable's node:path, node:os and node:child_process do what Node's do.

import * as nodeProgram from 'node:child_process';
import * as nodeOs from 'node:os';
import * as node from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as ownProgram from '../../src/engine/child_process.js';
import * as ownOs from '../../src/engine/os.js';
import * as own from '../../src/engine/path.js';

const parts = ['', '.', '..', 'a', 'b.c', '…'];
const starts = ['', '/', '//', '///'];

/** Every path of up to three parts, with one or two slashes between and at the end. */
const paths = starts.flatMap((start) =>
  parts.flatMap((a) =>
    parts.flatMap((b) =>
      ['', '/', '//'].flatMap((end) =>
        ['/', '//'].map((between) => `${start}${a}${between}${b}${end}`),
      ),
    ),
  ),
);

describe('node:path', () => {
  test.each(['normalize', 'resolve', 'basename', 'dirname'] as const)('%s', (name) => {
    for (const path of [...paths, ...starts, ...parts, 'a/b/c/../../..', '../../a/..//']) {
      expect([path, own.posix[name](path)]).toEqual([path, node.posix[name](path)]);
    }
  });

  test('resolve of several', () => {
    for (const first of parts) {
      for (const second of paths) {
        expect([first, second, own.resolve('/x', first, second)]).toEqual([
          first,
          second,
          node.posix.resolve('/x', first, second),
        ]);
      }
    }
    expect(own.resolve()).toBe(process.cwd());
  });

  test('its POSIX half is itself', () => {
    expect(own.posix.normalize('/a/../b')).toBe('/b');
  });
});

describe('node:os', () => {
  test('the release of the kernel', () => {
    expect(ownOs.release()).toBe(nodeOs.release());
  });

  test.each([
    [undefined, '/tmp'],
    ['', '/tmp'],
    ['/var/tmp', '/var/tmp'],
    ['/var/tmp/', '/var/tmp'],
    ['/', '/'],
  ])('temporary files with TMPDIR=%s', (given, expected) => {
    const { TMPDIR, TMP, TEMP, ...others } = process.env;
    const before = process.env;
    try {
      process.env = { ...others, ...(given !== undefined && { TMPDIR: given }) };
      expect(ownOs.tmpdir()).toBe(expected);
    } finally {
      process.env = before;
    }
  });
});

describe('node:child_process', () => {
  const run = (module: typeof ownProgram, script: string) => {
    const { error, status, stdout, stderr } = module.spawnSync('sh', ['-c', script], {
      encoding: 'utf8',
    });
    return { error, status, stdout, stderr };
  };

  test.each([
    'echo out; echo error >&2; exit 3',
    'kill -9 $$',
    // More than a pipe holds, of both in turn.
    'i=0; while [ $i -lt 300 ]; do printf %01000d $i; printf %01000d $i >&2; i=$((i+1)); done',
    'cat; echo "ü $0"',
    'readlink /proc/self/fd/0',
    'exec 1>&- 2>&-; sleep 0.05; exit 4',
  ])('runs %j', (script) => {
    const known = run(nodeProgram as unknown as typeof ownProgram, script);
    const ours = run(ownProgram, script);
    // Node's input is a pipe that is closed.
    if (script.includes('fd/0')) expect(ours.stdout).toBe('/dev/null\n');
    else expect(ours).toEqual(known);
  });

  test.each(['sampan-none', '/etc/passwd', '/none/x', '/etc'])('refuses %s', (program) => {
    const of = ({ error }: { error?: Error }) => ({ ...error, message: error?.message });
    expect(of(ownProgram.spawnSync(program, ['x'], { stdio: 'ignore' }))).toEqual(
      of(nodeProgram.spawnSync(program, ['x'], { stdio: 'ignore' })),
    );
  });

  test('SIGPIPE ends the program, though the caller ignores it', () => {
    expect(run(ownProgram, 'yes | head -1 >/dev/null; kill -13 $$').status).toBe(null);
  });
});
