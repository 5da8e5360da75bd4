// The executable's node:fs does what Node's does, and refuses in the same words.

import * as node from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as own from '../../src/engine/fs.js';

let root: string;

beforeEach(() => {
  root = node.mkdtempSync(join(tmpdir(), 'sampan-engine-'));
});

afterEach(() => {
  node.rmSync(root, { recursive: true });
});

type Fs = typeof own;

/** What a call gives, or what it throws. */
function outcome(fs: Fs, directory: string, act: (fs: Fs, directory: string) => unknown): unknown {
  try {
    return { result: act(fs, directory) };
  } catch (thrown) {
    const error = thrown as Error & Record<string, unknown>;
    const { message, code, errno, syscall, path, dest } = error;
    return JSON.parse(
      JSON.stringify({ message, code, errno, syscall, path, dest }).replaceAll(directory, 'ROOT'),
    );
  }
}

/** Everything below a directory. */
function tree(directory: string): unknown[] {
  return node
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { mode, size, nlink } = node.lstatSync(join(directory, name));
      const text =
        (mode & 0o170000) === 0o100000 && node.readFileSync(join(directory, name), 'utf8');
      return { name, mode: mode.toString(8), size: text === false ? undefined : size, nlink, text };
    });
}

/** Each of the two does it in a directory of its own, where the same files are. */
function both(act: (fs: Fs, directory: string) => unknown): { own: unknown; node: unknown } {
  const done = (fs: Fs, name: string) => {
    const directory = join(root, name);
    node.mkdirSync(directory);
    node.writeFileSync(join(directory, 'file'), 'one\ntwo ü\n', { mode: 0o640 });
    node.writeFileSync(join(directory, 'bytes'), Uint8Array.of(0xef, 0xbb, 0xbf, 0x41, 0xff, 0x80));
    node.mkdirSync(join(directory, 'folder'));
    node.writeFileSync(join(directory, 'folder/x'), '');
    node.symlinkSync('file', join(directory, 'link'));
    node.symlinkSync('loop', join(directory, 'loop'));
    const result = outcome(fs, directory, act);
    return { result, tree: tree(directory) };
  };
  return { own: done(own, 'own'), node: done(node as unknown as Fs, 'node') };
}

const O = node.constants;

const cases: Record<string, (fs: Fs, at: string) => unknown> = {
  'a text': (fs, at) => fs.readFileSync(`${at}/file`, 'utf8'),
  'a text with a byte order mark and what is no UTF-8': (fs, at) =>
    fs.readFileSync(`${at}/bytes`, 'utf8'),
  'bytes as characters': (fs, at) => fs.readFileSync(`${at}/bytes`, 'latin1'),
  bytes: (fs, at) => [...(fs.readFileSync(`${at}/bytes`) as Uint8Array)],
  'an empty file': (fs, at) => fs.readFileSync(`${at}/folder/x`, 'utf8'),
  'a file without a size': (fs) => fs.readFileSync('/proc/self/limits', 'latin1'),
  'a descriptor': (fs, at) => {
    const fd = fs.openSync(`${at}/file`, 'r');
    const text = fs.readFileSync(fd, 'utf8');
    fs.closeSync(fd);
    return text;
  },
  'reading what is not there': (fs, at) => fs.readFileSync(`${at}/none`, 'utf8'),
  'reading a folder': (fs, at) => fs.readFileSync(`${at}/folder`, 'utf8'),
  'reading through a loop': (fs, at) => fs.readFileSync(`${at}/loop`, 'utf8'),
  'reading below a file': (fs, at) => fs.readFileSync(`${at}/file/x`, 'utf8'),
  'reading a closed descriptor': (fs) => fs.readFileSync(999, 'utf8'),
  'a name that is too long': (fs, at) => fs.readFileSync(`${at}/${'x'.repeat(300)}`, 'utf8'),
  'writing a text': (fs, at) => fs.writeFileSync(`${at}/new`, 'text ü', { mode: 0o604 }),
  'writing bytes over a file': (fs, at) => fs.writeFileSync(`${at}/file`, Uint8Array.of(65, 66)),
  'writing a file that must be new': (fs, at) => fs.writeFileSync(`${at}/file`, '', { flag: 'wx' }),
  'writing into a file': (fs, at) => fs.writeFileSync(`${at}/file`, 'ON', { flag: 'r+' }),
  'writing nothing': (fs, at) => fs.writeFileSync(`${at}/new`, ''),
  'writing to a full disk': (fs) => fs.writeFileSync('/dev/full', 'x'),
  'writing a folder': (fs, at) => fs.writeFileSync(`${at}/folder`, 'x'),
  appending: (fs, at) => fs.appendFileSync(`${at}/file`, 'three\n'),
  'writing to a descriptor': (fs, at) => {
    const fd = fs.openSync(`${at}/new`, O.O_CREAT | O.O_EXCL | O.O_WRONLY | O.O_NOFOLLOW, 0o600);
    fs.writeFileSync(fd, 'whole ');
    const counts = [fs.writeSync(fd, 'ü'), fs.writeSync(fd, Uint8Array.of(65, 66, 67), 1)];
    fs.closeSync(fd);
    return counts;
  },
  'writing to a closed descriptor': (fs) => fs.writeSync(999, 'x'),
  'closing a closed descriptor': (fs) => fs.closeSync(999),
  'opening a link that is not to be followed': (fs, at) =>
    fs.openSync(`${at}/link`, O.O_RDONLY | O.O_NOFOLLOW),
  'opening a file as a folder': (fs, at) => fs.openSync(`${at}/file`, O.O_RDONLY | O.O_DIRECTORY),
  'the kind of a file': (fs, at) => kinds(fs.statSync(`${at}/file`)),
  'the kind of a link': (fs, at) => kinds(fs.lstatSync(`${at}/link`)),
  'the kind of its target': (fs, at) => kinds(fs.statSync(`${at}/link`)),
  'the kind of a folder': (fs, at) => kinds(fs.statSync(`${at}/folder`)),
  'what is known of a device': (fs) => numbers(fs.statSync('/dev/null')),
  'what is known of a descriptor': (fs) => {
    const fd = fs.openSync('/etc/passwd', 'r');
    const found = numbers(fs.fstatSync(fd));
    fs.closeSync(fd);
    return found;
  },
  'stat of what is not there': (fs, at) => fs.statSync(`${at}/none`),
  'lstat of what is not there': (fs, at) => fs.lstatSync(`${at}/none`),
  'fstat of a closed descriptor': (fs) => fs.fstatSync(999),
  'the type of a file system': (fs) => fs.statfsSync('/proc').type,
  'the type of none': (fs, at) => fs.statfsSync(`${at}/none`).type,
  existence: (fs, at) => ['file', 'loop', 'none', 'a\0b'].map((n) => fs.existsSync(`${at}/${n}`)),
  removing: (fs, at) => fs.unlinkSync(`${at}/link`),
  'removing what is not there': (fs, at) => fs.unlinkSync(`${at}/none`),
  'removing a folder as a file': (fs, at) => fs.unlinkSync(`${at}/folder`),
  'removing a full folder': (fs, at) => fs.rmdirSync(`${at}/folder`),
  'removing a file as a folder': (fs, at) => fs.rmdirSync(`${at}/file`),
  'removing all': (fs, at) => fs.rmSync(`${at}/folder`, { recursive: true, force: true }),
  'removing all behind a link': (fs, at) => fs.rmSync(`${at}/link`, { recursive: true }),
  'removing nothing by force': (fs, at) => fs.rmSync(`${at}/none`, { force: true }),
  'a new name': (fs, at) => fs.renameSync(`${at}/file`, `${at}/other`),
  'a new name for nothing': (fs, at) => fs.renameSync(`${at}/none`, `${at}/other`),
  'a folder': (fs, at) => fs.mkdirSync(`${at}/new`, 0o700),
  'a folder that is there': (fs, at) => fs.mkdirSync(`${at}/folder`),
  'a folder below nothing': (fs, at) => fs.mkdirSync(`${at}/a/b`),
  'folders down to one': (fs, at) => {
    fs.mkdirSync(`${at}/a/b/c`, { recursive: true, mode: 0o710 });
  },
  'folders that are there': (fs, at) => fs.mkdirSync(`${at}/folder`, { recursive: true }),
  'folders below a file': (fs, at) => fs.mkdirSync(`${at}/file/x`, { recursive: true }),
  'a folder where a file is': (fs, at) => fs.mkdirSync(`${at}/file`, { recursive: true }),
  'names in a folder': (fs, at) => [...fs.readdirSync(at)].sort(),
  'names and kinds in a folder': (fs, at) =>
    (fs.readdirSync(at, { withFileTypes: true }) as unknown as node.Dirent[])
      .map((entry) => [entry.name, entry.isDirectory(), entry.isSymbolicLink()])
      .sort(),
  'names in a file': (fs, at) => fs.readdirSync(`${at}/file`),
  'the target of a link': (fs, at) => fs.readlinkSync(`${at}/link`),
  'the target of a file': (fs, at) => fs.readlinkSync(`${at}/file`),
  'the real path': (fs, at) => fs.realpathSync(`${at}/folder/../link`).slice(at.length),
  'the mode': (fs, at) => {
    const fd = fs.openSync(`${at}/file`, 'r');
    fs.fchmodSync(fd, 0o1700);
    fs.closeSync(fd);
  },
  'the mode by path': (fs, at) => {
    fs.chmodSync(`${at}/file`, 0o640);
    return kinds(fs.statSync(`${at}/file`));
  },
  'the mode of nothing': (fs, at) => fs.chmodSync(`${at}/none`, 0o640),
  'the owner': (fs, at) => {
    fs.lchownSync(`${at}/link`, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  },
  'the owner of nothing': (fs, at) => fs.lchownSync(`${at}/none`, 0, 0),
};

function kinds(stat: own.Stats): unknown[] {
  return [stat.mode, stat.isDirectory(), stat.isSymbolicLink()];
}

function numbers({ mode, uid, gid, dev, ino, rdev, nlink, size }: own.Stats): unknown {
  return { mode, uid, gid, dev, ino, rdev, nlink, size };
}

describe('as node:fs', () => {
  test.each(Object.entries(cases))('%s', (_, act) => {
    const done = both(act);
    expect(done.own).toEqual(done.node);
  });
});

test.each([16383, 16384, 16385, 32768, 500_000])(
  'a file of %d bytes is read to its end',
  (size) => {
    const text = 'ü2345678'.repeat(size).slice(0, size - 2048 - (size % 7));
    own.writeFileSync(`${root}/large`, text);
    expect(own.readFileSync(`${root}/large`, 'utf8')).toBe(text);
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
    own.writeFileSync(`${root}/bytes`, bytes);
    expect(own.readFileSync(`${root}/bytes`, 'latin1')).toBe(
      node.readFileSync(`${root}/bytes`, 'latin1'),
    );
    expect(own.readFileSync(`${root}/bytes`)).toEqual(node.readFileSync(`${root}/bytes`));
  },
);

test('a path with a NUL byte is refused, not cut short', () => {
  for (const act of [
    () => own.openSync(`${root}\0/x`),
    () => own.readFileSync(`${root}\0x`, 'utf8'),
    () => own.mkdirSync(`${root}/a\0b`),
    () => own.renameSync(root, `${root}\0`),
  ]) {
    expect(act).toThrow(expect.objectContaining({ name: 'TypeError' }));
  }
  expect(node.readdirSync(root)).toEqual([]);
});

test('descriptors are closed for programs', () => {
  const fd = own.openSync('/dev/null', 'r');
  const flags = node.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
  own.closeSync(fd);
  expect(flags).toMatch(/^flags:\s+02\d{6}$/m);
});

test('a folder of its own is new and closed to others', () => {
  const made = own.mkdtempSync(`${root}/x-`);
  expect(made).toMatch(/\/x-\w{6}$/);
  expect(node.statSync(made).mode & 0o777).toBe(0o700);
  expect(() => own.mkdtempSync(`${root}/none/x-`)).toThrow(
    `ENOENT: no such file or directory, mkdtemp '${root}/none/x-XXXXXX'`,
  );
});

test('an encoding or a flag that is not there is no other one', () => {
  expect(() => own.readFileSync('/dev/null', 'ascii' as 'utf8')).toThrow(TypeError);
  expect(() => own.openSync('/dev/null', 'rs')).toThrow(TypeError);
});
