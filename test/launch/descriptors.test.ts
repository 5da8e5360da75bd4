import { closeSync, openSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { keptDescriptors } from '../../src/launch/descriptors.js';
import { useAddon } from '../../src/native/load.js';
import { fakeAddon } from './fake-addon.js';

/** An addon for which descriptors up to `last` are open. */
function openUpTo(last: number): void {
  useAddon({ ...fakeAddon([]), descriptorFlags: (fd) => (fd <= last ? 1 : -1) });
}

afterEach(() => useAddon(undefined));

describe('the descriptors that the container keeps', () => {
  test('are none by default', () => {
    openUpTo(2);
    expect(keptDescriptors(0, {})).toEqual({ count: 0, listen: 0 });
  });

  test('must be open: the first that is not is named', () => {
    openUpTo(2);
    expect(() => keptDescriptors(2, {})).toThrow(
      /^preserve descriptors: descriptor 3 is not open; .*--preserve-fds/,
    );
  });

  test('are not those of the engine: its epoll instance ends what was inherited', () => {
    openUpTo(100_000);
    expect(() => keptDescriptors(100, {})).toThrow(/descriptor \d+ is not open/);
  });

  test('are those of LISTEN_FDS only for the process they are meant for', () => {
    openUpTo(2);
    const env = { LISTEN_FDS: '1', LISTEN_PID: String(process.pid) };
    expect(() => keptDescriptors(0, env)).toThrow('pass on LISTEN_FDS: descriptor 3 is not open');
    const other = { LISTEN_FDS: '1', LISTEN_PID: String(process.pid + 1) };
    expect(keptDescriptors(0, other)).toEqual({ count: 0, listen: 0 });
  });
});

test('a descriptor is told open or closed by the kernel', async () => {
  const { addon } = await import('../../src/native/load.js');
  const fd = openSync('/dev/null', 'r');
  expect(addon().descriptorFlags(fd)).toBe(1);
  closeSync(fd);
  expect(addon().descriptorFlags(fd)).toBe(-1);
});
