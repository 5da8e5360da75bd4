// An interpreter of classic BPF as seccomp(2) runs it, to ask a compiled filter what it answers.

/** One system call as the kernel shows it to a filter (struct seccomp_data). */
export interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
}

const LOAD = 0x20;
const AND = 0x54;
const RETURN = 0x06;
const JUMP = 0x05;
const conditions: Record<number, (a: number, k: number) => boolean> = {
  21: (a, k) => a === k,
  37: (a, k) => a > k,
  53: (a, k) => a >= k,
  69: (a, k) => (a & k) !== 0,
};

/** SECCOMP_RET_* of `filter` (array of struct sock_filter) for `call`. Throws on a malformed one. */
export function answer(filter: Uint8Array, call: Call): number {
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const data = encode(call);
  let accumulator = 0;
  for (let at = 0; at < filter.byteLength; at += 8) {
    const code = program.getUint16(at, true);
    const k = program.getUint32(at + 4, true);
    if (code === RETURN) return k;
    else if (code === LOAD) accumulator = data.getUint32(k, true);
    else if (code === AND) accumulator = (accumulator & k) >>> 0;
    else if (code === JUMP) at += k * 8;
    else {
      const holds = conditions[code];
      if (holds === undefined) throw new Error(`instruction 0x${code.toString(16)}`);
      at += program.getUint8(at + (holds(accumulator, k) ? 2 : 3)) * 8;
    }
  }
  throw new Error('the program has no end');
}

function encode({ architecture, number, args = [] }: Call): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setInt32(0, number, true);
  data.setUint32(4, architecture, true);
  args.forEach((value, index) => {
    data.setBigUint64(16 + index * 8, value, true);
  });
  return data;
}
