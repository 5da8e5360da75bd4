// linux.cgroupsPath as the name of a unit.

import { expect, test } from '@jest/globals';
import { unitPlace } from '../../../src/plan/systemd/unit-names.js';

test.each([
  ['', 'sampan-web.scope', '/system.slice'],
  ['machine.slice:libpod:1f', 'libpod-1f.scope', '/machine.slice'],
  ['a-b-c.slice::x', 'x.scope', '/a.slice/a-b.slice/a-b-c.slice'],
  ['-.slice:p:x', 'p-x.scope', ''],
  [':p:a+b/c é', 'p-a\\x2bb\\x2fc\\x20\\xc3\\xa9.scope', '/system.slice'],
])('"%s" is %s in "%s"', (wanted, unit, folder) => {
  expect(unitPlace(wanted, 'web', 'system.slice')).toMatchObject({
    unit,
    path: `${folder}/${unit}`,
  });
});

test.each([
  ['/a/b', 'slice:prefix:name'],
  ['a.slice:b', 'slice:prefix:name'],
  ['a.slice:b:c:d', 'slice:prefix:name'],
  ['a.slice:b:', 'names no unit'],
  ['a.slice:b:c.slice', 'a slice is for other units'],
  ['a:b:c', 'not the name of a slice'],
  ['-a.slice:b:c', 'not the name of a slice'],
  ['a-.slice:b:c', 'not the name of a slice'],
  ['a--b.slice:b:c', 'not the name of a slice'],
  ['../x.slice:b:c', 'not the name of a slice'],
  ['.slice:b:c', 'not the name of a slice'],
  [`:b:${'c'.repeat(250)}`, 'too long'],
])('"%s" is refused', (wanted, why) => {
  expect(unitPlace(wanted, 'web', 'system.slice')).toContain(why);
});
