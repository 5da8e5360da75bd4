// Subjects of promises: the files of a folder.

import { readdirSync } from 'node:fs';

/** Declares what the files in `folder` promise. */
export async function importAll(folder: string): Promise<void> {
  const place = new URL(`${folder}/`, import.meta.url);
  for (const file of readdirSync(place).sort()) await import(new URL(file, place).pathname);
}
