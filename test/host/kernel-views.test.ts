import { expect, test } from '@jest/globals';
import { hiddenIn } from '../../src/host/kernel-views.js';

const proc = '22 27 0:21 / /proc rw,relatime - proc proc rw\n';
const sys = '23 27 0:22 / /sys rw,relatime - sysfs sysfs rw\n';

test('a whole one hides nothing', () => {
  expect(hiddenIn(proc + sys, 'proc')).toBeUndefined();
  expect(hiddenIn(proc + sys, 'sysfs')).toBeUndefined();
});

test('what is mounted on it hides what is below, the shortest path first', () => {
  const covers =
    '110 22 0:6 /null /proc/timer_list rw - devtmpfs devtmpfs rw\n' +
    '111 22 0:48 /sys /proc/sys ro,relatime - proc proc rw\n' +
    '112 23 0:49 / /sys/firmware ro,relatime - tmpfs tmpfs ro\n';
  expect(hiddenIn(proc + sys + covers, 'proc')).toEqual({
    covered: ['/proc/sys', '/proc/timer_list'],
  });
  expect(hiddenIn(proc + sys + covers, 'sysfs')).toEqual({ covered: ['/sys/firmware'] });
});

test('directories that are there to be mounted on hide nothing', () => {
  const mounted =
    '30 22 0:50 / /proc/sys/fs/binfmt_misc rw,relatime - autofs systemd-1 rw\n' +
    '31 23 0:51 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n' +
    '32 23 0:52 / /sys/kernel/debug rw,relatime - debugfs debugfs rw\n';
  expect(hiddenIn(proc + sys + mounted, 'proc')).toBeUndefined();
  expect(hiddenIn(proc + sys + mounted, 'sysfs')).toBeUndefined();
});

test('a second one that is whole is as good', () => {
  const other = '60 27 0:21 / /mnt/proc rw,relatime - proc proc rw\n';
  const cover = '110 22 0:6 /null /proc/kcore rw - devtmpfs devtmpfs rw\n';
  expect(hiddenIn(proc + cover + other, 'proc')).toBeUndefined();
});

test.each([
  ['none is there', ''],
  ['a part alone is there', '24 27 0:21 /sys /proc/sys rw,relatime - proc proc rw\n'],
  ['it is read-only', '22 27 0:21 / /proc ro,relatime - proc proc rw\n'],
  ['it has other times of access', '22 27 0:21 / /proc rw,noatime - proc proc rw\n'],
])('%s: no new one may show more', (_, mountinfo) => {
  expect(hiddenIn(mountinfo, 'proc')).toEqual({ covered: [] });
});
