// Tells whether a product is out of date, by the contents of what it was made from.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'build/stamps';

/** What a product is made from: files, folders (all files in them), and texts such as flags. */
export interface Inputs {
  readonly paths: readonly string[];
  readonly texts?: readonly string[];
}

/** Whether something that was done with these inputs is still good. */
export interface Freshness {
  readonly ok: boolean;
  /** To be called when it has been done again. */
  renew(): void;
}

/** Looks up the stamp `name`. */
export function fresh(name: string, inputs: Inputs): Freshness {
  const stamp = join(folder, name.replaceAll('/', '_'));
  const now = digest(inputs);
  const renew = () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, now);
  };
  return { ok: existsSync(stamp) && readFileSync(stamp, 'utf8') === now, renew };
}

/** Calls `make` unless `product` exists and its inputs are as they were when it was made. */
export async function unlessFresh(
  product: string,
  inputs: Inputs,
  make: () => void | Promise<void>,
): Promise<void> {
  const stamp = fresh(product, inputs);
  if (existsSync(product) && stamp.ok) return;
  const start = performance.now();
  await make();
  if (!existsSync(product)) throw new Error(`${product} was not made`);
  stamp.renew();
  console.error(`build: ${product} (${Math.round(performance.now() - start)} ms)`);
}

function digest({ paths, texts = [] }: Inputs): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text}\0`);
  for (const file of paths.flatMap(filesIn).sort()) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}
