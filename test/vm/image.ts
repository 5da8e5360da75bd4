// The disk and the kernel of the test guest, made once and kept until their recipe changes.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { imageArchive } from '../clients/image.js';
import { cacheFolder } from '../rig/cache.js';

/** Paths of the guest's parts. */
export interface Image {
  readonly disk: string;
  readonly kernel: string;
  /** A list of Debian's packages in it, with their versions. */
  readonly packages: string;
}

/** What is in it: as little as can be, or also the programs that call runtimes. */
export type Contents = 'bare' | 'clients';

const folder = new URL('.', import.meta.url).pathname;
const recipe = join(folder, 'make-image.sh');
/** The recipe takes it from there. */
const settings = join(folder, '../../packaging/containers.conf.d/sampan.conf');

/**
 * What keeps this machine from having a guest of a mode, or any; undefined when nothing does.
 * `SAMPAN_GUESTS=quick` asks for that mode alone.
 */
export function whyNoMachine(mode?: string): string | undefined {
  const told = process.env['SAMPAN_NO_GUEST'];
  if (told !== undefined) return told;
  const asked = process.env['SAMPAN_GUESTS']?.split(',');
  if (mode !== undefined && asked?.includes(mode) === false) {
    return `SAMPAN_GUESTS leaves the ${mode} guest to npm run test:vm`;
  }
  if (process.arch !== 'x64') return 'the test guest is one of x86-64';
  if (process.getuid?.() !== 0) return 'the tests do not run as root, which makes the test guest';
  const needed = ['/usr/bin/qemu-system-x86_64', '/usr/lib/qemu/virtiofsd', '/usr/bin/mmdebstrap'];
  const missing = needed.find((path) => !existsSync(path));
  return missing === undefined ? undefined : `${missing} is missing`;
}

/** Makes the guest unless it is there; the first time takes half a minute, with clients two. */
export async function vmImage(contents: Contents = 'bare'): Promise<Image> {
  const place = join(cacheFolder(), `vm-${contents}-${digest(contents)}`);
  if (!existsSync(place)) await makeImage(contents, place);
  const [disk, kernel, packages] = ['root.ext4', 'vmlinux', 'packages'];
  return { disk: join(place, disk), kernel: join(place, kernel), packages: join(place, packages) };
}

async function makeImage(contents: Contents, place: string): Promise<void> {
  const own = mkdtempSync(join(tmpdir(), 'sampan-image-'));
  try {
    const archive = contents === 'clients' ? [await imageArchive(own)] : [];
    // One test worker makes it, the others wait.
    const make = 'test -e "$2" || { rm -rf "$2.new" && sh "$1" "$2.new" $3 && mv "$2.new" "$2"; }';
    const words = ['sh', '-c', make, 'sh', recipe, place, ...archive];
    await execa('flock', [`${cacheFolder()}/vm.lock`, ...words]);
  } finally {
    rmSync(own, { recursive: true });
  }
}

function digest(contents: Contents): string {
  const hash = createHash('sha256').update(readFileSync(recipe)).update(readFileSync(settings));
  for (const tree of contents === 'clients' ? ['guest', 'guest-clients'] : ['guest']) {
    const entries = readdirSync(join(folder, tree), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
    for (const file of files.sort())
      hash.update(file.slice(folder.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
