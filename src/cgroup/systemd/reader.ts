// Values that D-Bus has sent (D-Bus specification, "Marshaling").

import { textOf } from '../../bytes.js';
import { alignmentOf, type DBusValue, typesOf } from './signature.js';

/** "The maximum depth of container type nesting is 32 array type codes and 32 open parentheses", and variants count too. */
const DEEPEST = 64;

/** The values of `signature` at the start of `bytes`. Throws a RangeError where those end too early. */
export function unmarshal(
  signature: string,
  bytes: Uint8Array,
  littleEndian: boolean,
): DBusValue[] {
  const reader = new Reader(bytes, littleEndian);
  return typesOf(signature).map((type) => reader.read(type));
}

class Reader {
  private at = 0;
  private depth = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly little: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(type: string): DBusValue {
    this.at += (alignmentOf(type) - (this.at % alignmentOf(type))) % alignmentOf(type);
    if (!'a({v'.includes(type[0] ?? ' ')) return this.basic(type);
    this.depth += 1;
    if (this.depth > DEEPEST) throw new RangeError('a D-Bus value is nested too deeply');
    const value = this.container(type);
    this.depth -= 1;
    return value;
  }

  private container(type: string): DBusValue {
    if (type[0] === 'a') return this.array(type.slice(1));
    if (type !== 'v') return membersOf(type).map((part) => this.read(part));
    const signature = String(this.read('g'));
    if (typesOf(signature).length !== 1) throw new RangeError(`no D-Bus type ${signature}`);
    return { signature, value: this.read(signature) };
  }

  private basic(type: string): DBusValue {
    const { view, little } = this;
    switch (type) {
      case 'y':
        return view.getUint8(this.pass(1));
      case 'n':
        return view.getInt16(this.pass(2), little);
      case 'q':
        return view.getUint16(this.pass(2), little);
      case 'i':
        return view.getInt32(this.pass(4), little);
      case 'b':
        return this.number() !== 0;
      case 'u':
      case 'h':
        return this.number();
      case 'x':
        return view.getBigInt64(this.pass(8), little);
      case 't':
        return view.getBigUint64(this.pass(8), little);
      case 'd':
        return view.getFloat64(this.pass(8), little);
      case 's':
      case 'o':
        return this.text(this.number());
      case 'g':
        return this.text(view.getUint8(this.pass(1)));
      default:
        throw new RangeError(`no D-Bus type ${type}`);
    }
  }

  private number(): number {
    return this.view.getUint32(this.pass(4), this.little);
  }

  private text(length: number): string {
    const at = this.pass(length + 1);
    return textOf(this.bytes.subarray(at, at + length));
  }

  private array(item: string): DBusValue[] {
    if (item === '') throw new RangeError('a D-Bus array of no type');
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

/** Types in a struct or dict entry. There is none without any: a list of them would have no end. */
function membersOf(type: string): string[] {
  const members = typesOf(type.slice(1, -1));
  const whole = type.endsWith(type[0] === '(' ? ')' : '}');
  if (!whole || members.length === 0) throw new RangeError(`no D-Bus type ${type}`);
  return members;
}
