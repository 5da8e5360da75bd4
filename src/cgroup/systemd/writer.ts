// Values as D-Bus sends them (D-Bus specification, "Marshaling"), little-endian.

import { bytesOf, concat } from '../../bytes.js';
import { alignmentOf, type DBusValue, typesOf, type Variant } from './signature.js';

/** The values of `signature`, as they stand from an offset that is a multiple of 8. */
export function marshal(signature: string, values: readonly DBusValue[]): Uint8Array {
  const writer = new Writer();
  typesOf(signature).forEach((type, index) => {
    writer.write(type, values[index] as DBusValue);
  });
  return writer.bytes();
}

class Writer {
  private buffer = new Uint8Array(256);
  private size = 0;

  bytes(): Uint8Array {
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
        this.put(1, (view, at) => view.setUint8(at, Number(value)));
        break;
      case 'n':
        this.put(2, (view, at) => view.setInt16(at, Number(value), true));
        break;
      case 'q':
        this.put(2, (view, at) => view.setUint16(at, Number(value), true));
        break;
      case 'i':
        this.put(4, (view, at) => view.setInt32(at, Number(value), true));
        break;
      case 'b':
      case 'u':
        this.put(4, (view, at) => view.setUint32(at, Number(value), true));
        break;
      case 'x':
        this.put(8, (view, at) => view.setBigInt64(at, BigInt(value as bigint), true));
        break;
      case 't':
        this.put(8, (view, at) => view.setBigUint64(at, BigInt(value as bigint), true));
        break;
      case 'd':
        this.put(8, (view, at) => view.setFloat64(at, Number(value), true));
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
    const bytes = bytesOf(`${value}\0`);
    if (type === 'g') this.basic('y', bytes.length - 1);
    else this.basic('u', bytes.length - 1);
    const at = this.room(bytes.length);
    this.buffer.set(bytes, at);
  }

  /** The length counts neither itself nor the padding before the first item. */
  private array(item: string, values: readonly DBusValue[]): void {
    const length = this.room(4);
    this.align(alignmentOf(item));
    const start = this.size;
    for (const value of values) this.write(item, value);
    new DataView(this.buffer.buffer).setUint32(length, this.size - start, true);
  }

  private align(to: number): void {
    this.room((to - (this.size % to)) % to);
  }

  /** The buffer is another one when it had to grow: it is looked at only then. */
  private put(count: number, write: (view: DataView, at: number) => void): void {
    const at = this.room(count);
    write(new DataView(this.buffer.buffer), at);
  }

  /** Offset of `count` new bytes, all zero. */
  private room(count: number): number {
    const at = this.size;
    this.size += count;
    while (this.size > this.buffer.length) {
      this.buffer = concat(this.buffer, new Uint8Array(this.buffer.length));
    }
    return at;
  }
}
