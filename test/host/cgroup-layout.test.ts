import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  cgroupControllers,
  ownCgroup,
  parseLayout,
  parseVersion1,
} from '../../src/host/cgroup-layout.js';

const line = (point: string, type: string) => `31 23 0:28 / ${point} rw - ${type} ${type} rw\n`;

describe('the cgroup layout', () => {
  test.each([
    ['v2', line('/sys/fs/cgroup', 'cgroup2'), '/sys/fs/cgroup'],
    ['v1', line('/sys/fs/cgroup/memory', 'cgroup'), undefined],
    ['none', line('/proc', 'proc'), undefined],
    [
      'hybrid',
      line('/sys/fs/cgroup/memory', 'cgroup') + line('/sys/fs/cgroup/unified', 'cgroup2'),
      '/sys/fs/cgroup/unified',
    ],
  ])('%s is told by the mounts', (layout, mountinfo, mount) => {
    expect(parseLayout(mountinfo)).toEqual(mount === undefined ? { layout } : { layout, mount });
  });

  test('a mount point with a space is unescaped', () => {
    expect(parseLayout(line('/my\\040groups', 'cgroup2')).mount).toBe('/my groups');
  });

  test('a line with optional fields is read as one without', () => {
    const mountinfo = '31 23 0:28 / /c rw shared:5 master:1 - cgroup2 cgroup2 rw\n';
    expect(parseLayout(mountinfo)).toEqual({ layout: 'v2', mount: '/c' });
  });
});

describe('the own cgroup', () => {
  test('is the line of version 2', () => {
    expect(ownCgroup('12:pids:/a\n0::/user.slice/x\n')).toEqual({ own: '/user.slice/x' });
  });

  test('outside the cgroup namespace is not known', () => {
    expect(ownCgroup('0::/../other\n')).toEqual({});
  });

  test('that was removed is known by its former name', () => {
    expect(ownCgroup('0::/gone (deleted)\n')).toEqual({ own: '/gone' });
  });

  test('is absent without version 2', () => {
    expect(ownCgroup('3:memory:/x\n')).toEqual({});
  });
});

describe('the controllers that a cgroup can have', () => {
  /** Cgroups by path, each with its controllers, as files; only those with `processes` have some. */
  function tree(cgroups: Record<string, string>, processes: string[], closed: string[] = []) {
    const mount = mkdtempSync(join(tmpdir(), 'sampan-cgroups-'));
    for (const [path, controllers] of Object.entries(cgroups)) {
      mkdirSync(mount + path, { recursive: true });
      writeFileSync(`${mount}${path}/cgroup.controllers`, `${controllers}\n`);
      writeFileSync(`${mount}${path}/cgroup.procs`, processes.includes(path) ? '77\n' : '');
      if (!closed.includes(path)) writeFileSync(`${mount}${path}/cgroup.subtree_control`, '');
    }
    return (own: string, whole = false) => {
      const { available } = cgroupControllers({ layout: 'v2', mount, own }, whole);
      rmSync(mount, { recursive: true });
      return available;
    };
  }
  const cgroups = { '': 'cpu io memory', '/service': 'io memory', '/service/session': '' };

  test('come from above as far as that is delegated', () => {
    expect(tree(cgroups, ['/service/session'], [''])('/service/session')).toEqual(['io', 'memory']);
  });

  test('do not come past processes', () => {
    expect(tree(cgroups, ['/service'])('/service/session')).toEqual([]);
    expect(tree(cgroups, ['/service'])('/service')).toEqual(['io', 'memory', 'cpu']);
  });

  test('at the top, and for who may use all, are those of the top', () => {
    expect(tree(cgroups, [])('/')).toEqual(['cpu', 'io', 'memory']);
    expect(tree(cgroups, ['/service'], [''])('/service', true)).toEqual(['cpu', 'io', 'memory']);
  });
});

describe('the controllers of version 1', () => {
  const heading = '#subsys_name\thierarchy\tnum_cgroups\tenabled\n';

  test('are those with a hierarchy, by their names in version 2, with its mount', () => {
    const table = `${heading}cpu\t4\t1\t1\ncpuacct\t4\t1\t1\nblkio\t2\t1\t1\nmemory\t0\t9\t1\npids\t3\t1\t1\n`;
    const mountinfo = [
      '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct',
      '33 31 0:30 / /my\\040groups/blkio rw - cgroup cgroup rw,blkio',
      '34 31 0:31 / /again rw - cgroup cgroup rw,blkio',
      '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,memory',
    ].join('\n');
    expect(parseVersion1(table, () => mountinfo)).toEqual({
      cpu: '/sys/fs/cgroup/cpu,cpuacct',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
      io: '/my groups/blkio',
      pids: '',
    });
  });

  test('are none where version 2 has all, and no mount is looked at', () => {
    const look = () => {
      throw new Error('looked');
    };
    expect(parseVersion1(`${heading}cpu\t0\t1\t1\n`, look)).toEqual({});
  });
});
