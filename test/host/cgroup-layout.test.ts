import { describe, expect, test } from '@jest/globals';
import { ownCgroup, parseLayout } from '../../src/host/cgroup-layout.js';

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
