// Runs a device filter as the kernel would: the instructions of eBPF that it is made of.

/** What the kernel asks: struct bpf_cgroup_dev_ctx. */
export interface DeviceAccess {
  readonly access: number;
  readonly type: number;
  readonly major: number;
  readonly minor: number;
}

/** The value that the program returns; throws on an instruction it should not hold. */
export function runFilter(program: Uint8Array, asked: DeviceAccess): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const context = [asked.type + asked.access * 65536, asked.major, asked.minor];
  const registers: number[] = [];
  for (let at = 0; at < program.length / 8; at += 1) {
    const code = view.getUint8(at * 8);
    const to = view.getUint8(at * 8 + 1) & 15;
    const from = view.getUint8(at * 8 + 1) >> 4;
    const offset = view.getInt16(at * 8 + 2, true);
    const value = view.getInt32(at * 8 + 4, true);
    const held = registers[to] ?? Number.NaN;
    if (code === 0x61) registers[to] = context[offset / 4] ?? Number.NaN;
    else if (code === 0xbc) registers[to] = registers[from] ?? Number.NaN;
    else if (code === 0xb4) registers[to] = value;
    else if (code === 0x54) registers[to] = (held & value) >>> 0;
    else if (code === 0x74) registers[to] = held >>> value;
    else if (code === 0x15) at += held === value ? offset : 0;
    else if (code === 0x55) at += held === value ? 0 : offset;
    else if (code === 0x45) at += (held & value) === 0 ? 0 : offset;
    else if (code === 0x95) return registers[0] ?? Number.NaN;
    else throw new Error(`instruction ${at} is ${code.toString(16)}`);
  }
  throw new Error('the program does not end');
}
