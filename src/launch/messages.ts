// What init tells the runtime, as numbers and texts (u32 little-endian, texts ended by NUL).

import { textOf } from '../bytes.js';

/** A failed system call of init: `step` is the index in the encoded list. */
export interface InitFailure {
  readonly step: number;
  readonly errno: number;
  readonly syscall: string;
  /** Empty where the call had none worth naming. */
  readonly path: string;
  /** The rule that was broken, where it was not the kernel that refused; else empty. */
  readonly detail: string;
  /** The place in config.json, where init says it itself; else empty. */
  readonly pointer: string;
}

/** One message of init. */
export type InitMessage =
  | ({ readonly kind: 'failed' } & InitFailure)
  | { readonly kind: 'reached' }
  | { readonly kind: 'forked'; readonly pid: number }
  | { readonly kind: 'terminal' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'listener' };

/** The word that init waits for at `report-ready` and `await-runtime`, and with a listener. */
export const GO_ON = Uint8Array.of(0x67);
/** Any other word ends it. */
export const END = Uint8Array.of(0x65);

/** Decodes a message. Init is this program's own: anything else is a bug and throws. */
export function decodeMessage(bytes: Uint8Array): InitMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number) => view.getUint32(index * 4, true);
  switch (word(0)) {
    case 1:
      return { kind: 'failed', step: word(1), errno: word(2), ...texts(bytes.subarray(12)) };
    case 2:
      return { kind: 'reached' };
    case 3:
      return { kind: 'forked', pid: word(1) };
    case 4:
      return { kind: 'terminal' };
    case 5:
      return { kind: 'ready' };
    case 6:
      return { kind: 'listener' };
    default:
      throw new Error(`unknown message ${word(0)} from init`);
  }
}

function texts(bytes: Uint8Array): Pick<InitFailure, 'syscall' | 'path' | 'detail' | 'pointer'> {
  const parts = textOf(bytes).split('\0');
  const [syscall = '', path = '', detail = '', pointer = ''] = parts;
  return { syscall, path, detail, pointer };
}
