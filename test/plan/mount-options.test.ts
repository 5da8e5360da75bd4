// The words of mounts[].options (config.md#mounts, mount_setattr(2)).

import { describe, expect, test } from '@jest/globals';
import { knownMountOptions, optionHint, readMountOptions } from '../../src/plan/mount-options.js';
import { lowerLayers } from '../../src/plan/overlay.js';

const ATIME = 0x70;

describe('attributes', () => {
  test.each([
    [['ro'], 0x1, 0],
    [['ro', 'rw'], 0, 0x1],
    [['rw', 'ro'], 0x1, 0],
    [['nosuid', 'nodev', 'noexec'], 0xe, 0],
    [['nosuid', 'suid', 'dev', 'exec'], 0, 0xe],
    [['noatime'], 0x10, ATIME],
    [['noatime', 'strictatime'], 0x20, ATIME],
    [['strictatime', 'relatime'], 0, ATIME],
    [['noatime', 'atime'], 0, ATIME],
    [['nodiratime', 'nosymfollow'], 0x200080, 0],
    [['diratime', 'symfollow'], 0, 0x200080],
  ])('%j', (options, set, clear) => {
    expect(readMountOptions(options)).toMatchObject({ set, clear, recursiveSet: 0, data: [] });
  });

  test('with r in front they are for every mount below', () => {
    expect(readMountOptions(['rro', 'rnoatime', 'rsuid'])).toMatchObject({
      set: 0,
      clear: 0,
      recursiveSet: 0x11,
      recursiveClear: ATIME | 0x2,
    });
  });

  // mount_setattr(2): EINVAL for an atime mode without the whole field in attr_clr.
  test('an atime mode always clears the whole field', () => {
    for (const name of knownMountOptions()) {
      const { set, clear, recursiveSet, recursiveClear } = readMountOptions([name]);
      if (set & ATIME) expect([name, clear & ATIME]).toEqual([name, ATIME]);
      if (recursiveSet & ATIME) expect([name, recursiveClear & ATIME]).toEqual([name, ATIME]);
    }
  });
});

test('rbind is recursive, and a later bind does not take that back', () => {
  expect(readMountOptions(['bind'])).toMatchObject({ bind: true, recursive: false });
  expect(readMountOptions(['rbind', 'bind'])).toMatchObject({ bind: true, recursive: true });
});

test('of several propagations the last holds', () => {
  expect(readMountOptions(['private', 'rshared']).propagation).toBe(0x104000);
});

test('flags of the file system can be taken back', () => {
  expect(readMountOptions(['sync', 'mand', 'async', 'nomand', 'lazytime']).superblock).toEqual([
    'lazytime',
  ]);
});

test('what is not known goes to the file system, names of object properties too', () => {
  expect(readMountOptions(['size=1m', 'rconstructor', '__proto__', 'toString']).data).toEqual([
    { text: 'size=1m', index: 0 },
    { text: 'rconstructor', index: 1 },
    { text: '__proto__', index: 2 },
    { text: 'toString', index: 3 },
  ]);
});

test('flags that only mount(2) knows can be taken back too', () => {
  expect(readMountOptions(['iversion', 'silent']).classic).toBe(0x808000);
  expect(readMountOptions(['iversion', 'silent', 'loud', 'noiversion']).classic).toBe(0);
});

test('one text may hold several options; commas that are escaped or quoted do not part them', () => {
  const texts = ['size=1m,mode=700', 'lowerdir=/a\\,b:/c', 'context="s0:c1,c2",uid=1', ''];
  expect(readMountOptions(texts).data).toEqual([
    { text: 'size=1m', index: 0 },
    { text: 'mode=700', index: 0 },
    { text: 'lowerdir=/a\\,b:/c', index: 1 },
    { text: 'context="s0:c1,c2"', index: 2 },
    { text: 'uid=1', index: 2 },
  ]);
});

test('layers of an overlay one by one are paths without escapes', () => {
  expect(lowerLayers('lowerdir=/a\\:b:/c\\,d:/e\\\\f::/data:x::/more')).toEqual([
    'lowerdir+=/a:b',
    'lowerdir+=/c,d',
    'lowerdir+=/e\\f',
    'datadir+=/data:x',
    'datadir+=/more',
  ]);
  expect(lowerLayers('upperdir=/a:b')).toEqual(['upperdir=/a:b']);
});

test('maps may follow idmap', () => {
  expect(readMountOptions(['bind', 'ridmap=uids=0-1-2'])).toMatchObject({
    ...{ mapIds: true, mapAll: true, maps: { text: 'uids=0-1-2', index: 1 }, data: [] },
  });
});

test('what features lists is not passed on', () => {
  for (const name of knownMountOptions()) {
    expect([name, readMountOptions([name])]).toMatchObject([name, { data: [] }]);
  }
});

test('dockerd finds rro in the list', () => {
  expect(knownMountOptions()).toContain('rro');
});

describe('an option that is left to the file system', () => {
  test.each([
    ['nosuidd', 'did you mean "nosuid"?'],
    ['rbnd', 'did you mean "rbind"?'],
    ['ro', 'an element of its own'],
  ])('%s: %s', (option, hint) => {
    expect(optionHint(option)).toContain(hint);
  });

  test.each([
    'size=1m',
    'newinstance',
    'noswap',
    'inode64',
    'nouuid',
    'wsync',
    'noacl',
    'userxattr',
  ])('%s is not questioned', (option) => expect(optionHint(option)).toBe(''));
});
