// Messages of D-Bus, byte by byte (D-Bus specification, "Message Protocol").

import { expect, test } from '@jest/globals';
import { decodeMessage, encodeCall, lengthOf } from '../../../src/cgroup/systemd/message.js';
import { unmarshal } from '../../../src/cgroup/systemd/reader.js';
import { type DBusValue, typesOf } from '../../../src/cgroup/systemd/signature.js';
import { marshal } from '../../../src/cgroup/systemd/writer.js';

test.each([
  ['sa(sv)u', ['s', 'a(sv)', 'u']],
  ['a{sv}aay(i(ss)b)', ['a{sv}', 'aay', '(i(ss)b)']],
  ['', []],
])('the types in %s', (signature, types) => {
  expect(typesOf(signature)).toEqual(types);
});

test.each<[string, DBusValue[], string]>([
  ['yu', [1, 2], '01000000 02000000'],
  ['s', ['foo'], '03000000 666f6f00'],
  ['g', ['ai'], '02 61690 0'],
  ['ax', [[5n]], '08000000 00000000 0500000000000000'],
  ['ax', [[]], '00000000 00000000'],
  ['bv', [true, { signature: 'q', value: 513 }], '01000000 01 7100 00 0102'],
  ['y(yt)', [1, [2, 3n]], '0100000000000000 0200000000000000 0300000000000000'],
])('%s %j', (signature, values, hex) => {
  const bytes = marshal(signature, values);
  expect(Buffer.from(bytes).toString('hex')).toBe(hex.replaceAll(' ', ''));
  expect(unmarshal(signature, bytes, true)).toEqual(values);
});

test.each([
  ['a()', [...four(8), ...Array(12).fill(0)]],
  ['()', []],
  ['(s', []],
  ['a', four(0)],
  ['v', [2, 0x73, 0x73, 0, ...Array(20).fill(0)]],
  ['v', [0, 0, 0, 0]],
  ['v', Array(100).fill([1, 0x76, 0]).flat()],
])('a value of type %s that can be none ends the reading', (signature, bytes) => {
  expect(() => unmarshal(signature, Uint8Array.from(bytes as number[]), true)).toThrow(RangeError);
});

function four(length: number): number[] {
  return [length, 0, 0, 0];
}

test('what is longer than the first buffer is whole', () => {
  const names = Array.from({ length: 500 }, (_, index) => `name ${'x'.repeat(index)}`);
  expect(unmarshal('as', marshal('as', [names]), true)).toEqual([names]);
});

test('a call', () => {
  const bytes = encodeCall(
    { path: '/a', interface: 'b.c', member: 'D', destination: 'e.f', signature: 's', body: ['hi'] },
    7,
  );
  expect(lengthOf(bytes)).toBe(bytes.length);
  expect(Buffer.from(bytes.subarray(0, 12)).toString('hex')).toBe(
    '6c010001' + '07000000' + '07000000',
  );
  expect(decodeMessage(bytes)).toMatchObject({ kind: 'other', member: 'D', body: ['hi'] });
});

test('an answer of a machine of the other byte order', () => {
  const bytes = Buffer.from(
    '42 03 00 01 00000007 00000001 00000017 05 01 75 00 00000009 04 01 73 00 00000003 612e6200 0000 00'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
  const body = Buffer.from('00000002686900', 'hex');
  // Fields end at 16 + 0x17; the body is aligned to 8 and has the signature that is missing here.
  expect(lengthOf(Buffer.concat([bytes, body]))).toBe(40 + 7);
});

test.each([
  ['cut short', 's', '05000000 6161'],
  ['a list that ends outside', 'as', 'ff000000 00'],
  ['an unknown type', 'z', '00'],
])('%s is no message', (_, signature, hex) => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  expect(() => unmarshal(signature, bytes, true)).toThrow(RangeError);
});

test('a length beyond all messages is refused before it is waited for', () => {
  const bytes = Buffer.from(`6c020001${'ffffffff'}01000000${'00000000'}`, 'hex');
  expect(() => lengthOf(bytes)).toThrow(RangeError);
});
