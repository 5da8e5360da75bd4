// What is wrong with a document, as a value that points into it.

/** One finding. An `error` stops the container, a `warning` does not. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** JSON pointer (RFC 6901) to the value, or to where a missing one should be. */
  readonly pointer: string;
  /** Whole in itself: lower case, no full stop. */
  readonly message: string;
  /** What would be right, in words. */
  readonly expected?: string;
  /** The value found, as JSON, shortened. */
  readonly got?: string;
  /** The known name that is closest to an unknown one. */
  readonly nearest?: string;
}

/** The optional parts of a `Problem`. */
export type Detail = Pick<Problem, 'expected' | 'got' | 'nearest'>;

/** Collects findings in the order in which they are made. */
export class Problems {
  readonly list: Problem[] = [];

  error(pointer: string, message: string, detail?: Detail): void {
    this.list.push({ severity: 'error', pointer, message: printable(message), ...detail });
  }

  warning(pointer: string, message: string, detail?: Detail): void {
    this.list.push({ severity: 'warning', pointer, message: printable(message), ...detail });
  }
}

/** Control characters as escapes: a message quotes the document, and ends on a terminal or in a log. */
function printable(message: string): string {
  return message.replace(/\p{Cc}/gu, (c) => {
    return `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** JSON pointer of a path of property names and indices. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${escapeToken(String(key))}`).join('');
}

function escapeToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A property's pointer below another one. */
export function below(pointer: string, ...path: readonly PropertyKey[]): string {
  return pointer + pointerOf(path);
}

/** JSON.stringify throws at a bigint, which a number of 64 bits becomes. */
function textOfBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** A value as JSON on one line, at most 60 characters. */
export function shown(value: unknown): string {
  const json =
    typeof value === 'bigint' ? String(value) : (JSON.stringify(value, textOfBigint) ?? 'nothing');
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
