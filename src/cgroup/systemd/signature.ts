// Type signatures of D-Bus (D-Bus specification, "Type system").

/** A value as D-Bus has it: structs, arrays and dict entries are lists. */
export type DBusValue = boolean | number | bigint | string | Variant | readonly DBusValue[];

/** A value that brings its type along. */
export interface Variant {
  readonly signature: string;
  readonly value: DBusValue;
}

/** `sa(sv)u` as `s`, `a(sv)`, `u`. */
export function typesOf(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

/** Bytes to which a value of this type is aligned. */
export function alignmentOf(type: string): number {
  switch (type[0]) {
    case 'y':
    case 'g':
    case 'v':
      return 1;
    case 'n':
    case 'q':
      return 2;
    case 'x':
    case 't':
    case 'd':
    case '(':
    case '{':
      return 8;
    default:
      return 4;
  }
}

function endOfType(signature: string, start: number): number {
  let at = start;
  while (signature[at] === 'a') at += 1;
  const close = { '(': ')', '{': '}' }[signature[at] ?? ''];
  if (close === undefined) return at + 1;
  for (at += 1; at < signature.length && signature[at] !== close; ) at = endOfType(signature, at);
  return at + 1;
}
