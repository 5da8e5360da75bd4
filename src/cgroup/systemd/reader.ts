// Values that D-Bus has sent (D-Bus specification, "Marshaling").

import { alignmentOf, type DBusValue, typesOf } from './signature.js';

/** The values of `signature` at the start of `bytes`. Throws a RangeError where those end too early. */
export function unmarshal(signature: string, bytes: Buffer, littleEndian: boolean): DBusValue[] {
  const reader = new Reader(bytes, littleEndian);
  return typesOf(signature).map((type) => reader.read(type));
}

class Reader {
  private at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly little: boolean,
  ) {}

  read(type: string): DBusValue {
    this.at += (alignmentOf(type) - (this.at % alignmentOf(type))) % alignmentOf(type);
    switch (type[0]) {
      case 'a':
        return this.array(type.slice(1));
      case '(':
      case '{':
        return typesOf(type.slice(1, -1)).map((part) => this.read(part));
      case 'v': {
        const signature = String(this.read('g'));
        return { signature, value: this.read(signature) };
      }
      default:
        return this.basic(type);
    }
  }

  private basic(type: string): DBusValue {
    const { bytes, little } = this;
    switch (type) {
      case 'y':
        return bytes.readUInt8(this.pass(1));
      case 'n':
        return little ? bytes.readInt16LE(this.pass(2)) : bytes.readInt16BE(this.pass(2));
      case 'q':
        return little ? bytes.readUInt16LE(this.pass(2)) : bytes.readUInt16BE(this.pass(2));
      case 'i':
        return little ? bytes.readInt32LE(this.pass(4)) : bytes.readInt32BE(this.pass(4));
      case 'b':
        return this.number() !== 0;
      case 'u':
      case 'h':
        return this.number();
      case 'x':
        return little ? bytes.readBigInt64LE(this.pass(8)) : bytes.readBigInt64BE(this.pass(8));
      case 't':
        return little ? bytes.readBigUInt64LE(this.pass(8)) : bytes.readBigUInt64BE(this.pass(8));
      case 'd':
        return little ? bytes.readDoubleLE(this.pass(8)) : bytes.readDoubleBE(this.pass(8));
      case 's':
      case 'o':
        return this.text(this.number());
      case 'g':
        return this.text(bytes.readUInt8(this.pass(1)));
      default:
        throw new RangeError(`no D-Bus type ${type}`);
    }
  }

  private number(): number {
    const { bytes, little } = this;
    return little ? bytes.readUInt32LE(this.pass(4)) : bytes.readUInt32BE(this.pass(4));
  }

  private text(length: number): string {
    const at = this.pass(length + 1);
    return this.bytes.toString('utf8', at, at + length);
  }

  private array(item: string): DBusValue[] {
    const length = this.number();
    this.at += (alignmentOf(item) - (this.at % alignmentOf(item))) % alignmentOf(item);
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError('a D-Bus array ends outside its message');
    const values: DBusValue[] = [];
    while (this.at < end) values.push(this.read(item));
    return values;
  }

  private pass(count: number): number {
    const at = this.at;
    this.at += count;
    if (this.at > this.bytes.length) throw new RangeError('a D-Bus message ends too early');
    return at;
  }
}
