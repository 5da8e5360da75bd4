// Messages of D-Bus (D-Bus specification, "Message Format").

import { concat } from '../../bytes.js';
import { unmarshal } from './reader.js';
import type { DBusValue, Variant } from './signature.js';
import { marshal } from './writer.js';

/** A method to call. */
export interface Call {
  /** Absent where there is no bus between the two ends. */
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly DBusValue[];
}

/** A message that came in. */
export interface Received {
  readonly kind: 'return' | 'error' | 'signal' | 'other';
  /** Serial of the call that it answers; 0 for none. */
  readonly answers: number;
  readonly member: string;
  /** Name of the error. */
  readonly error: string;
  readonly body: readonly DBusValue[];
}

/** Bytes before the header fields: these tell how long a message is. */
export const FIXED_BYTES = 16;
/** "The maximum length of a message, including header, header alignment padding, and body is 2^27 bytes." */
const MOST_BYTES = 2 ** 27;

const LITTLE = 'l'.charCodeAt(0);
const METHOD_CALL = 1;
const KINDS = ['other', 'other', 'return', 'error', 'signal'] as const;
const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  answers: 5,
  destination: 6,
  signature: 8,
};

/** The bytes of a call. */
export function encodeCall(call: Call, serial: number): Uint8Array {
  const { signature = '', body = [], destination } = call;
  const content = marshal(signature, body);
  const fields: [number, Variant][] = [
    [FIELD.path, { signature: 'o', value: call.path }],
    [FIELD.interface, { signature: 's', value: call.interface }],
    [FIELD.member, { signature: 's', value: call.member }],
    ...(destination ? [field(FIELD.destination, 's', destination)] : []),
    ...(signature ? [field(FIELD.signature, 'g', signature)] : []),
  ];
  const head = marshal('yyyyuua(yv)', [
    ...[LITTLE, METHOD_CALL, 0, 1, content.length, serial],
    fields,
  ]);
  return concat(head, new Uint8Array(padding(head.length)), content);
}

function field(code: number, signature: string, value: string): [number, Variant] {
  return [code, { signature, value }];
}

/** Length of the message that begins with `start`, of FIXED_BYTES or more. Throws a RangeError. */
export function lengthOf(start: Uint8Array): number {
  const word = (at: number) => wordAt(start, at);
  const head = FIXED_BYTES + word(12);
  const length = head + padding(head) + word(4);
  if (length > MOST_BYTES) throw new RangeError('a D-Bus message is longer than allowed');
  return length;
}

/** Reads a whole message. Throws a RangeError for what is none. */
export function decodeMessage(bytes: Uint8Array): Received {
  const little = bytes[0] === LITTLE;
  const [, kind, , , , , list] = unmarshal('yyyyuua(yv)', bytes, little);
  const fields = new Map(list as unknown as [number, Variant][]);
  const text = (code: number) => String(fields.get(code)?.value ?? '');
  const body = bytes.subarray(bytes.length - wordAt(bytes, 4));
  return {
    kind: KINDS[kind as number] ?? 'other',
    answers: Number(fields.get(FIELD.answers)?.value ?? 0),
    member: text(FIELD.member),
    error: text(FIELD.error),
    body: unmarshal(text(FIELD.signature), body, little),
  };
}

function wordAt(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(at, bytes[0] === LITTLE);
}

/** The body is aligned to 8 bytes. */
function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
