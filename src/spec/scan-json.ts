// Reads JSON only to say what is wrong with it: the first syntax error by line and column, and repeated keys.

/** What a scan found. `failure` is meaningful only for text that `JSON.parse` refuses. */
export interface Scan {
  readonly failure: { readonly line: number; readonly column: number; readonly cause: string };
  /** Paths of properties that an object has twice; the last one counts. */
  readonly repeated: readonly (readonly (string | number)[])[];
}

/** Scans the whole text, or up to the first error. */
export function scanJson(text: string): Scan {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (e) {
    if (!(e instanceof RangeError) && e !== STOP) throw e;
    if (e !== STOP) scanner.cause = 'nested too deeply';
  }
  return { failure: scanner.failure(), repeated: scanner.repeated };
}

const STOP = Symbol('syntax error');
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Scanner {
  readonly repeated: (string | number)[][] = [];
  cause = 'not valid JSON';
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): void {
    if (this.text.startsWith('\ufeff')) this.stop('a byte order mark before the document');
    this.value();
    this.space();
    if (this.at < this.text.length) this.stop('text after the end of the document');
  }

  failure(): Scan['failure'] {
    const before = this.text.slice(0, this.at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, cause: this.cause };
  }

  private value(): void {
    this.space();
    if (this.text[this.at] === '{') this.members();
    else if (this.text[this.at] === '[') this.elements();
    else if (this.text[this.at] === '"') this.string();
    else if (this.match(SCALAR) === undefined) this.expected('a value');
  }

  private members(): void {
    const seen = new Set<string>();
    this.list('}', () => {
      if (this.text[this.at] !== '"') this.expected('a property name in double quotes');
      const key = JSON.parse(this.string()) as string;
      this.path.push(key);
      if (seen.has(key)) this.repeated.push([...this.path]);
      seen.add(key);
      this.space();
      if (this.text[this.at] !== ':') this.expected('":"');
      this.at++;
      this.value();
      this.path.pop();
    });
  }

  private elements(): void {
    let index = 0;
    this.list(']', () => {
      this.path.push(index++);
      this.value();
      this.path.pop();
    });
  }

  private list(close: string, item: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] === close) this.stop(`a comma before "${close}"`);
      item();
      this.space();
      const next = this.text[this.at];
      if (next !== ',' && next !== close) this.expected(`"," or "${close}"`);
      this.at++;
      if (next === close) return;
    }
  }

  private string(): string {
    const found = this.match(STRING);
    if (found !== undefined) return found;
    const end = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
    end.lastIndex = this.at;
    this.at += end.exec(this.text)?.[0].length ?? 0;
    if (this.at >= this.text.length) this.stop('the end of the text inside a string');
    this.stop(
      this.text[this.at] === '\\'
        ? 'an unknown escape in a string'
        : 'a control character in a string',
    );
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** What people take from other formats. */
  private foreign(): string | undefined {
    const rest = this.text.slice(this.at, this.at + 2);
    if (rest.startsWith('#') || rest === '//' || rest === '/*') return 'JSON has no comments';
    if (!/\d/.test(rest[0] ?? '') || !/(^|[^\d.])0$/.test(this.text.slice(0, this.at))) return;
    const octal = /^0[0-7]+(?!\d)/.exec(this.text.slice(this.at - 1))?.[0];
    const decimal = octal === undefined ? '' : `: octal ${octal} is ${Number.parseInt(octal, 8)}`;
    return `a number must not begin with 0${decimal}`;
  }

  private space(): void {
    this.match(SPACE);
  }

  private expected(what: string): never {
    const foreign = this.foreign();
    if (foreign !== undefined) this.stop(foreign);
    const here = this.text[this.at];
    const found = here === undefined ? 'the end of the text' : JSON.stringify(here);
    this.stop(`expected ${what}, found ${found}`);
  }

  private stop(cause: string): never {
    this.cause = cause;
    throw STOP;
  }
}
