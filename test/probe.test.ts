// The probe of the conformance tests tells of this process what Node knows of it.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readProbe, type SectionName } from './rig/probe.js';
import { program } from './rig/program.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe '));
});
afterAll(() => rmSync(folder, { recursive: true }));

function probe<Name extends SectionName>(names: readonly Name[], command: readonly string[] = []) {
  const [file = '', ...args] = [...command, program('probe'), ...names];
  const env = { A: '1', ODD: 'tab\t"quote" \\ ünï→\u{1f6a2}\x01' };
  return readProbe<Name>(execFileSync(file, args, { cwd: folder, env, encoding: 'utf8' }));
}

test('tells arguments, environment and directory as they are, whatever is in them', () => {
  const seen = probe(['args', 'env', 'cwd', 'file:a\nb "c"']);
  expect(seen.args.slice(1)).toEqual(['args', 'env', 'cwd', 'file:a\nb "c"']);
  expect(seen.env).toEqual(['A=1', 'ODD=tab\t"quote" \\ ünï→\u{1f6a2}\x01']);
  expect(seen.cwd).toBe(folder);
  expect(seen['file:a\nb "c"']).toEqual({ errno: 'ENOENT' });
});

test('keeps bytes that are not UTF-8', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf5, 0xc3, 0xbc]);
  writeFileSync(join(folder, 'bytes'), bytes);
  expect(probe(['file:bytes'])['file:bytes']).toBe('a\udcff\udcc3(\udced\udca0\udc80\udcf5ü');
});

test('tells ids, umask, capabilities and limits', () => {
  const line = 'umask 137; ulimit -Sn 77; ulimit -c 0; exec "$@"';
  const names = ['user', 'umask', 'capabilities', 'rlimits', 'process', 'noNewPrivileges'] as const;
  const seen = probe(names, ['sh', '-c', line, 'sh']);
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  expect(seen.user).toMatchObject({ uid: [uid, uid, uid, uid], gid: [gid, gid, gid, gid] });
  expect(seen.umask).toBe(0o137);
  expect(seen.rlimits['RLIMIT_NOFILE']?.soft).toBe(77);
  expect(seen.rlimits['RLIMIT_CORE']?.soft).toBe(0);
  expect(seen.process.parent).toBe(process.pid);
  expect(seen.noNewPrivileges).toBe(false);
  const status = readFileSync('/proc/self/status', 'utf8');
  const bounding = BigInt(`0x${/^CapBnd:\t(\w+)/m.exec(status)?.[1]}`);
  expect(seen.capabilities.bounding.includes('CAP_CHOWN')).toBe((bounding & 1n) === 1n);
  expect(seen.capabilities.bounding.includes('CAP_BPF')).toBe(((bounding >> 39n) & 1n) === 1n);
});

test('tells names, namespaces, mounts and files', () => {
  writeFileSync(join(folder, 'file'), 'text');
  chmodSync(join(folder, 'file'), 0o2640);
  symlinkSync('/nowhere', join(folder, 'link'));
  const seen = probe([
    ...(['names', 'namespaces', 'mounts', 'path:file', 'path:link', 'path:/dev/null'] as const),
    ...(['path:.', 'path:/proc/self/nothing', 'interfaces'] as const),
  ]);
  expect(seen.names.hostname).toBe(hostname());
  expect(seen.namespaces['mnt']).toMatch(/^mnt:\[\d+\]$/);
  expect(seen.mounts.some(({ target, type }) => target === '/proc' && type === 'proc')).toBe(true);
  expect(seen['path:file']).toMatchObject({ type: 'file', mode: 0o2640, size: 4, read: 'ok' });
  expect(seen['path:link']).toMatchObject({ type: 'link', target: '/nowhere' });
  expect(seen['path:/dev/null']).toMatchObject({ type: 'character', major: 1, minor: 3 });
  expect(seen['path:.']).toMatchObject({ write: 'ok', entries: ['bytes', 'file', 'link'] });
  expect(seen['path:/proc/self/nothing']).toEqual({ errno: 'ENOENT' });
  expect(seen.interfaces['lo']).toBeDefined();
});

test('tries system calls and programs, and survives what they do', () => {
  const getppid = `call:${process.arch === 'arm64' ? 173 : 110}` as const;
  const seen = probe([getppid, 'call:99999', 'run:/bin/false', 'run:/etc/passwd', 'create:new']);
  expect(seen['call:99999']).toEqual({ errno: 'ENOSYS' });
  expect(seen[getppid].result).toBeGreaterThan(0);
  expect(seen['run:/bin/false']).toEqual({ result: 1 });
  expect(seen['run:/etc/passwd']).toEqual({ result: 126 });
  expect(seen['create:new']).toEqual({ result: 0 });
});

test('an unknown section is an error', () => {
  const { status, stdout, stderr } = spawnSync(program('probe'), ['cwd', 'cvd']);
  expect({ status, stdout: `${stdout}`, stderr: `${stderr}` }).toEqual({
    ...{ status: 2, stdout: '', stderr: 'probe: no section cvd\n' },
  });
});
