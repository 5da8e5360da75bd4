// The disk and the kernel of the test guest, made once and kept until their recipe changes.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../rig/cache.js';

/** Paths of the guest's parts. */
export interface Image {
  readonly disk: string;
  readonly kernel: string;
}

const folder = new URL('.', import.meta.url).pathname;
const recipe = join(folder, 'make-image.sh');

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

/** Makes the guest unless it is there; the first time takes half a minute. */
export async function vmImage(): Promise<Image> {
  const place = join(cacheFolder(), `vm-${digest()}`);
  // One test worker makes it, the others wait.
  const make = 'test -e "$2" || { rm -rf "$2.new" && sh "$1" "$2.new" && mv "$2.new" "$2"; }';
  await execa('flock', [`${cacheFolder()}/vm.lock`, 'sh', '-c', make, 'sh', recipe, place]);
  return { disk: join(place, 'root.ext4'), kernel: join(place, 'vmlinux') };
}

function digest(): string {
  const hash = createHash('sha256').update(readFileSync(recipe));
  const entries = readdirSync(join(folder, 'guest'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  for (const file of files.sort())
    hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
