// Where a manager of systemd is looked for.

import { expect, test } from '@jest/globals';
import { addressesOf } from '../../../src/cgroup/systemd/addresses.js';
import { hostUid, systemCgroup, userCgroup } from '../../../src/host/systemd.js';

test.each([
  ['system', {}, ['bus /run/dbus/system_bus_socket', 'own /run/systemd/private']],
  ['user', {}, ['bus /run/user/1000/bus', 'own /run/user/1000/systemd/private']],
  ['user', { XDG_RUNTIME_DIR: '/r' }, ['bus /r/bus', 'own /r/systemd/private']],
  [
    'user',
    {
      DBUS_SESSION_BUS_ADDRESS: 'tcp:host=x;unix:abstract=y;unix:guid=1,path=/a%20b',
      XDG_RUNTIME_DIR: 'r',
    },
    ['bus /a b', 'bus /run/user/1000/bus', 'own /run/user/1000/systemd/private'],
  ],
  [
    'system',
    { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/x/systemd/private' },
    ['own /x/systemd/private', 'bus /run/dbus/system_bus_socket', 'own /run/systemd/private'],
  ],
] as const)('%s %j', (manager, env, expected) => {
  const found = addressesOf(manager, { env, uid: 1000 });
  expect(found.map(({ path, bus }) => `${bus ? 'bus' : 'own'} ${path}`)).toEqual(expected);
});

test('a uid of a user namespace is the one on the host', () => {
  expect(hostUid(0, '         0       1000          1\n         1     100000      65536\n')).toBe(
    1000,
  );
  expect(hostUid(5, '         0       1000          1\n         1     100000      65536\n')).toBe(
    100_004,
  );
  expect(hostUid(1000, '         0          0 4294967295\n')).toBe(1000);
});

test('the place of a manager', () => {
  expect(systemCgroup('0::/init.scope\n')).toBe('');
  expect(systemCgroup('0::/machine.slice/x/init.scope\n')).toBe('/machine.slice/x');
  const own = '/user.slice/user-7.slice/user@7.service';
  expect(userCgroup(`${own}/app.slice/a.scope`, 7)).toBe(own);
  expect(userCgroup('/user.slice/user-7.slice/session-1.scope', 7)).toBe(own);
  expect(userCgroup(undefined, 7)).toBe(own);
});
