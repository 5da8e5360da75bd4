// yargs' platform in the executable: what laying out help needs of it.

// @ts-expect-error -- has no types of its own.
import cliui from 'cliui';
// @ts-expect-error -- the parser without Node's modules; as above.
import Parser from 'yargs-parser/browser';
import { basename } from './path.js';
import stringWidth from './string-width.js';

/** Where help asks for something that it never does for sampan. */
function never(): never {
  throw new Error('no part of help');
}

/** English, the language that yargs' own texts are in. */
const texts = {
  __: (text: string, ...values: unknown[]) => filled(text, values),
  __n: (one: string, more: string, count: number, ...values: unknown[]) =>
    filled(count === 1 ? one : more, [count, ...values]),
  getLocale: () => 'en',
  setLocale: () => {},
  updateLocale: () => {},
};

function filled(text: string, values: unknown[]): string {
  return text.replace(/%[sd]/g, () => String(values.shift()));
}

export default {
  assert: { strictEqual: () => {}, notStrictEqual: () => {} },
  cliui,
  findUp: () => undefined,
  getEnv: () => undefined,
  inspect: String,
  getProcessArgvBin: () => 'sampan',
  getCallerFile: never,
  mainFilename: 'sampan',
  Parser,
  path: {
    basename,
    dirname: never,
    extname: never,
    relative: never,
    resolve: never,
    join: never,
  },
  process: {
    argv: () => [],
    cwd: () => '/',
    emitWarning: () => {},
    execPath: () => 'sampan',
    exit: never,
    nextTick: never,
    stdColumns: null,
  },
  readFileSync: never,
  readdirSync: never,
  require: never,
  stringWidth,
  y18n: texts,
};
