// gRPC over a socket, as much of it as calls of the container runtime interface need.

import { connect as connectHttp, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';

/** Of a message, by the numbers of its fields. Nothing is written for undefined. */
export interface Message {
  readonly [field: number]: Value | readonly Value[] | undefined;
}
type Value = string | number | boolean | Message;

/** What came: the fields of a message, each as often as it was there. */
export type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** How a call ended; `code` 0 is success (grpc/statuscodes). */
export interface Answer {
  readonly code: number;
  readonly message: string;
  readonly fields: Fields;
}

/** Calls `method`, as `/runtime.v1.RuntimeService/Version`. */
export function call(socket: string, method: string, request: Message): Promise<Answer> {
  const session = connectHttp('http://localhost', {
    createConnection: () => connectSocket(socket),
  });
  const headers = {
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: method,
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  return new Promise<Answer>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request(headers);
    const parts: Buffer[] = [];
    // An answer without a body has the status in its headers.
    let status: Record<string, unknown> = {};
    stream.on('response', (first) => {
      status = { ...status, ...first };
    });
    stream.on('trailers', (last) => {
      status = { ...status, ...last };
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', reject);
    stream.on('end', () => {
      const code = Number(status['grpc-status'] ?? 2);
      const message = decodeURIComponent(String(status['grpc-message'] ?? ''));
      resolve({ code, message, fields: decode(Buffer.concat(parts).subarray(prefix)) });
    });
    stream.end(framed(encode(request)));
  }).finally(() => session.close());
}

/** Before each message: whether it is compressed, and its length. */
const prefix = 5;

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(prefix);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const VARINT = 0;
const BYTES = 2;

function encode(message: Message): Buffer {
  const parts = Object.entries(message).flatMap(([field, value]) =>
    [value ?? []].flat().flatMap((one) => encodeField(Number(field), one as Value)),
  );
  return Buffer.concat(parts);
}

function encodeField(field: number, value: Value): Buffer[] {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return [varint((field << 3) | VARINT), varint(Number(value))];
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : encode(value);
  return [varint((field << 3) | BYTES), varint(bytes.length), bytes];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 0x7fn ? 0x80 : 0;
    bytes.push(Number(rest & 0x7fn) | more);
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** Throws at types of fields that are in no answer that the tests look at. */
export function decode(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const next = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const key = next();
    const type = key & 7;
    if (type !== VARINT && type !== BYTES) throw new Error(`field type ${type}`);
    const value = next();
    const from = at;
    if (type === BYTES) at += value;
    const list = fields.get(key >> 3) ?? [];
    fields.set(key >> 3, [...list, type === BYTES ? bytes.subarray(from, at) : value]);
  }
  return fields;
}

/** A field that is a message within. */
export function within(fields: Fields, field: number): Fields {
  const value = fields.get(field)?.[0];
  return value instanceof Uint8Array ? decode(value) : new Map();
}

/** A field that is a string. */
export function text(fields: Fields, field: number): string {
  const value = fields.get(field)?.[0];
  return value instanceof Uint8Array ? Buffer.from(value).toString() : '';
}

/** A field that is a number; one that is not there is 0. */
export function number(fields: Fields, field: number): number {
  const value = fields.get(field)?.[0];
  return typeof value === 'number' ? value : 0;
}
