// What the writer of a wrong value probably meant. Runs only when there is one.

import { SPEC_VERSION } from './version.js';

type Wish = (found: unknown, pointer: string) => unknown;

/** `; write …` where the right value can be told from the wrong one, or from its place. */
export function suggestion(pointer: string, expected = '', found?: unknown): string {
  const wish = found === undefined ? missing(pointer) : meant(pointer, expected, found);
  if (wish === undefined) return remark(pointer, expected, found);
  const text = JSON.stringify(wish);
  return text.length > 100 ? '' : `; write ${text}`;
}

/** Names that are in use elsewhere, by the end of the place that they are for. */
const NAMES: readonly (readonly [place: RegExp, names: Readonly<Record<string, string>>])[] = [
  [/^.linux.namespaces.\d+.type$/, { net: 'network', mnt: 'mount' }],
  [/^.linux.devices.\d+.type$/, { char: 'c', block: 'b', pipe: 'p', fifo: 'p' }],
  [
    /^.linux.seccomp.architectures.\d+$/,
    { amd64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64', 386: 'SCMP_ARCH_X86' },
  ],
];

/** What the specification calls a value that has another name elsewhere. */
export function rightName(pointer: string, name: string): string | undefined {
  const names = NAMES.find(([place]) => place.test(pointer))?.[1] ?? {};
  return Object.hasOwn(names, name.toLowerCase()) ? names[name.toLowerCase()] : undefined;
}

const KEYS: Readonly<Record<string, string>> = {
  target: 'destination',
  dst: 'destination',
  src: 'source',
  command: 'args',
  cmd: 'args',
  environment: 'env',
  workdir: 'cwd',
  workingdir: 'cwd',
};

/** The same for a property, among those that can be there. */
export function rightKey(key: string, names: readonly string[]): string | undefined {
  const right = Object.hasOwn(KEYS, key.toLowerCase()) ? KEYS[key.toLowerCase()] : undefined;
  return right !== undefined && names.includes(right) ? right : undefined;
}

const OBJECTS: readonly (readonly [place: RegExp, make: (text: string) => object | undefined])[] = [
  [/^.root$/, (path) => ({ path })],
  [/^.hooks.\w+.\d+$/, (path) => ({ path })],
  [
    /^.linux.namespaces.\d+$/,
    (type) => ({ type: rightName('/linux/namespaces/0/type', type) ?? type }),
  ],
  [/^.process.user$/, userOf],
];

function userOf(text: string): object | undefined {
  const [, uid, gid = uid] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function missing(pointer: string): unknown {
  if (pointer === '/ociVersion') return SPEC_VERSION;
  return pointer === '/root' ? { path: 'rootfs' } : undefined;
}

const WISHES: readonly (readonly [expected: RegExp, wish: Wish])[] = [
  [/^a list$/, asList],
  [/^an object$/, asObject],
  [/^an integer/, asInteger],
  [/^a string$/, asText],
  [/^true or false$/, asBoolean],
];

function meant(pointer: string, expected: string, found: unknown): unknown {
  return WISHES.find(([words]) => words.test(expected))?.[1](found, pointer);
}

function asText(found: unknown, pointer: string): unknown {
  if (typeof found !== 'number') return undefined;
  return pointer === '/ociVersion' ? SPEC_VERSION : String(found);
}

function asList(found: unknown, pointer: string): unknown {
  if (typeof found === 'string') {
    if (pointer.endsWith('/args')) return wordsOf(found);
    return pointer.endsWith('/options') ? found.split(',') : [found];
  }
  if (typeof found !== 'object') return undefined;
  const entries = Object.entries(found ?? {});
  if (pointer.endsWith('/env')) return entries.map(([name, value]) => `${name}=${value}`);
  if (pointer !== '/process/rlimits') return undefined;
  return entries.map(([type, limit]) => ({ type, soft: limit, hard: limit }));
}

/** As a shell divides them, with quotes and without anything else. */
function wordsOf(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function asObject(found: unknown, pointer: string): unknown {
  if (typeof found === 'number' && pointer.endsWith('/pids')) return { limit: found };
  if (typeof found === 'string') return OBJECTS.find(([place]) => place.test(pointer))?.[1](found);
  if (!Array.isArray(found) || pointer !== '/process/capabilities') return undefined;
  return { bounding: found, effective: found, permitted: found };
}

const UNITS = ['', 'k', 'm', 'g', 't'];

function asInteger(found: unknown, pointer: string): unknown {
  if (typeof found !== 'string') return undefined;
  if (/\/(umask|fileMode)$/.test(pointer) && /^0?[0-7]{3,4}$/.test(found)) {
    return Number.parseInt(found, 8);
  }
  if (/^-?\d{1,15}$/.test(found)) return Number(found);
  const [, digits, unit = ''] = /^(\d+) ?([kmgt])?i?b?$/i.exec(found) ?? [];
  if (digits === undefined || !pointer.startsWith('/linux/resources/')) return undefined;
  return Number(digits) * 1024 ** UNITS.indexOf(unit.toLowerCase());
}

function asBoolean(found: unknown): unknown {
  if (found === 1 || /^(true|yes|on)$/i.test(String(found))) return true;
  return found === 0 || /^(false|no|off)$/i.test(String(found)) ? false : undefined;
}

function remark(pointer: string, expected: string, found: unknown): string {
  const name = typeof found === 'string' && expected.startsWith('an integer');
  if (!name || !/\/(uid|gid|additionalGids\/\d+)$/.test(pointer)) return '';
  return '; names are not looked up, as the container has its own';
}
