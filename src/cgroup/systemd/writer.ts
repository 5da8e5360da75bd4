// Values as D-Bus sends them (D-Bus specification, "Marshaling"), little-endian.

import { alignmentOf, type DBusValue, typesOf, type Variant } from './signature.js';

/** The values of `signature`, as they stand from an offset that is a multiple of 8. */
export function marshal(signature: string, values: readonly DBusValue[]): Buffer {
  const writer = new Writer();
  typesOf(signature).forEach((type, index) => {
    writer.write(type, values[index] as DBusValue);
  });
  return writer.bytes();
}

class Writer {
  private buffer = Buffer.alloc(256);
  private size = 0;

  bytes(): Buffer {
    return this.buffer.subarray(0, this.size);
  }

  write(type: string, value: DBusValue): void {
    this.align(alignmentOf(type));
    switch (type[0]) {
      case 'a':
        this.array(type.slice(1), value as readonly DBusValue[]);
        break;
      case '(':
      case '{':
        typesOf(type.slice(1, -1)).forEach((part, index) => {
          this.write(part, (value as readonly DBusValue[])[index] as DBusValue);
        });
        break;
      case 'v':
        this.write('g', (value as Variant).signature);
        this.write((value as Variant).signature, (value as Variant).value);
        break;
      default:
        this.basic(type, value);
    }
  }

  private basic(type: string, value: DBusValue): void {
    switch (type) {
      case 'y':
        this.put(1, (buffer, at) => buffer.writeUInt8(Number(value), at));
        break;
      case 'n':
        this.put(2, (buffer, at) => buffer.writeInt16LE(Number(value), at));
        break;
      case 'q':
        this.put(2, (buffer, at) => buffer.writeUInt16LE(Number(value), at));
        break;
      case 'i':
        this.put(4, (buffer, at) => buffer.writeInt32LE(Number(value), at));
        break;
      case 'b':
      case 'u':
        this.put(4, (buffer, at) => buffer.writeUInt32LE(Number(value), at));
        break;
      case 'x':
        this.put(8, (buffer, at) => buffer.writeBigInt64LE(BigInt(value as bigint), at));
        break;
      case 't':
        this.put(8, (buffer, at) => buffer.writeBigUInt64LE(BigInt(value as bigint), at));
        break;
      case 'd':
        this.put(8, (buffer, at) => buffer.writeDoubleLE(Number(value), at));
        break;
      case 's':
      case 'o':
      case 'g':
        this.text(String(value), type);
        break;
      default:
        throw new Error(`no D-Bus type ${type}`);
    }
  }

  private text(value: string, type: string): void {
    const bytes = Buffer.from(`${value}\0`);
    if (type === 'g') this.basic('y', bytes.length - 1);
    else this.basic('u', bytes.length - 1);
    this.put(bytes.length, (buffer, at) => bytes.copy(buffer, at));
  }

  /** The length counts neither itself nor the padding before the first item. */
  private array(item: string, values: readonly DBusValue[]): void {
    const length = this.room(4);
    this.align(alignmentOf(item));
    const start = this.size;
    for (const value of values) this.write(item, value);
    this.buffer.writeUInt32LE(this.size - start, length);
  }

  private align(to: number): void {
    this.room((to - (this.size % to)) % to);
  }

  /** The buffer is another one when it had to grow: it is looked at only then. */
  private put(count: number, write: (buffer: Buffer, at: number) => void): void {
    const at = this.room(count);
    write(this.buffer, at);
  }

  /** Offset of `count` new bytes, all zero. */
  private room(count: number): number {
    const at = this.size;
    this.size += count;
    while (this.size > this.buffer.length) {
      this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.buffer.length)]);
    }
    return at;
  }
}
