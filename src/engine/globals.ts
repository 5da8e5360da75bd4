// What src/ expects to be there without an import: `process`, TextEncoder and TextDecoder.

import system from 'sampan:system';

// Set by the engine's host (addon/engine/globals.cc).
declare const sampanArguments: readonly string[];
declare function utf8Encode(text: string): Uint8Array<ArrayBuffer>;
declare function utf8Decode(bytes: Uint8Array): string;

// Before any other module opens a file.
system.begin();

let environment: Record<string, string> | undefined;

export const process = {
  /** The program and the script come first, as under Node. */
  argv: [sampanArguments[0] ?? 'sampan', 'sampan', ...sampanArguments.slice(1)],
  argv0: sampanArguments[0] ?? 'sampan',
  get execPath(): string {
    return system.readlink('/proc/self/exe');
  },
  get env(): Record<string, string> {
    environment ??= system.environment();
    return environment;
  },
  pid: system.pid(),
  ppid: system.ppid(),
  geteuid: system.euid,
  getegid: system.egid,
  cwd: system.cwd,
  exit: system.exit,
};

export class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer> {
    return utf8Encode(text);
  }

  encodeInto(text: string, target: Uint8Array): { written: number } {
    const bytes = utf8Encode(text);
    target.set(bytes);
    return { written: bytes.length };
  }
}

/** Of UTF-8, with a byte order mark left where it is. */
export class TextDecoder {
  decode(bytes: Uint8Array): string {
    return utf8Decode(bytes);
  }
}

/** What the engine throws when the stack is full is a RangeError elsewhere. */
declare const InternalError: ErrorConstructor;
Object.setPrototypeOf(InternalError.prototype, RangeError.prototype);

Object.assign(globalThis, { process, TextEncoder, TextDecoder });
