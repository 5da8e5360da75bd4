// Texts as bytes and back, in UTF-8.

const encoder = new TextEncoder();
let decoder: InstanceType<typeof TextDecoder> | undefined;

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text that the bytes are; what is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
  return decoder.decode(bytes);
}

/** How many bytes a text has. */
export function byteLength(text: string): number {
  return bytesOf(text).length;
}

/** The bytes of all parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
