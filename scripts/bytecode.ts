// The chunks of scripts/bundle.ts as bytecode, and an assembler file that puts them into the
// executable as the table `sampan_modules` (addon/engine/modules.h).

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles all of `chunks` into `out`; throws what the compiler said. */
export function compileModules(compiler: string, chunks: string, out: string): void {
  const names = readdirSync(chunks)
    .filter((name) => name.endsWith('.js'))
    .sort();
  for (const name of names) {
    const source = join(out, name);
    writeFileSync(source, withoutImport(readFileSync(join(chunks, name), 'utf8')));
    const args = [source, `${source}.bytecode`];
    const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${compiler}: ${stderr}`);
  }
  writeFileSync(join(out, 'modules.S'), assembler(names, out));
}

/**
 * A function of which no places are kept does not know its module, as import() has to; so a function
 * of the engine's host takes its place (addon/engine/globals.cc).
 */
function withoutImport(text: string): string {
  return text.replace(/\bimport\((?="\.\/chunk-\w+\.js"\))/g, 'importModule(');
}

/** The digest is there so that the file changes when a module does, and is assembled again. */
function assembler(names: readonly string[], out: string): string {
  const modules = names.map((name, i) => {
    const path = join(out, `${name}.bytecode`);
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    return `/* ${digest} */
name${i}: .asciz "${name}"
.balign 8
data${i}: .incbin "${path}"
end${i}:`;
  });
  const table = names.map((_, i) => `.quad name${i}, data${i}, end${i}`);
  return `${[
    '/* Made by scripts/bytecode.ts. */',
    '.section .rodata.sampan_modules, "a", %progbits',
    ...modules,
    '.section .data.rel.ro.sampan_modules, "aw", %progbits',
    '.globl sampan_modules',
    '.hidden sampan_modules',
    '.balign 8',
    'sampan_modules:',
    ...table,
    '.quad 0, 0, 0',
    '.section .note.GNU-stack, "", %progbits',
  ].join('\n')}\n`;
}
