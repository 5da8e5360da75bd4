// A busybox root filesystem: commands, exit codes, pipes.

import { expect } from '@jest/globals';
import { lines, printed } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

bothWays('a busybox root filesystem', (promise) => {
  promise('runs shell commands on its own files', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit((config) => Object.assign(config.root, { readonly: false }));
    const script = 'cd /tmp && echo one >a && cp a b && cat a b | tr a-z A-Z && ls / && pwd';
    expect(await lines(rig, bundle, script)).toEqual([
      ...['ONE', 'ONE'],
      ...['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp', 'usr'],
      '/tmp',
    ]);
  });

  promise('gives its exit code, also that of a program without a shell', async (rig) => {
    const bundle = await rig.bundle();
    for (const code of [0, 1, 42, 255]) {
      expect((await rig.run(bundle.runs(`exit ${code}`))).status).toBe(code);
    }
    expect((await rig.run(bundle.runs(['false']))).status).toBe(1);
    expect((await rig.run(bundle.runs(['/bin/true']))).status).toBe(0);
  });

  promise('reads standard input to its end', async (rig) => {
    const bundle = await rig.bundle();
    const input = 'a line\n'.repeat(50_000);
    expect(await printed(rig, bundle, 'wc -l -c', { input })).toMatch(/^\s*50000\s+350000\s*$/);
  });

  promise('is a part of a pipeline, with standard error apart', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs('sed s/a/b/g; echo aside >&2');
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const pipeline = 'printf "aaa\\n" | "$@" | rev';
    const { stdout, stderr, status } = await rig.execute(['sh', '-c', pipeline, 'sh', ...run]);
    expect({ stdout, status }).toEqual({ stdout: 'bbb\n', status: 0 });
    expect(stderr.split('\n')).toContain('aside');
  });

  promise('writes more than a pipe holds', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs('dd if=/dev/zero bs=1024 count=3000 2>/dev/null');
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const { stdout } = await rig.execute(['sh', '-c', '"$@" | wc -c', 'sh', ...run]);
    expect(stdout.trim()).toBe(String(3000 * 1024));
  });

  promise('a reader that goes away ends the writer by SIGPIPE', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs('yes; exit 0');
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const { stdout } = await rig.execute(['sh', '-c', '"$@" | head -1', 'sh', ...run]);
    expect(stdout).toBe('y\n');
  });
});
