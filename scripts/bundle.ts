// src/ as the modules of the executable: `bundle.ts OUT [NAME=VALUE…]` writes minified chunks, cut by
// what each import() reaches, with src/engine in place of Node's modules. Run by Bun.

import { existsSync, mkdirSync, rmSync } from 'node:fs';

/** What is used here of Bun's bundler (https://bun.sh/docs/bundler). */
interface Resolved {
  readonly path: string;
  readonly external?: boolean;
}
interface Resolver {
  onResolve(
    where: { filter: RegExp },
    resolve: (asked: { path: string; importer: string }) => Resolved,
  ): void;
}
declare const Bun: {
  build(options: object): Promise<{ readonly success: boolean; readonly logs: readonly unknown[] }>;
};

const [out = 'build/gen/engine/js', ...definitions] = process.argv.slice(2);
const root = new URL('..', import.meta.url).pathname;

/** Modules that the executable has its own of. */
const replaced: readonly [RegExp, string][] = [
  [/\/build-info\.js$/, 'src/engine/build-info.ts'],
  [/^\.\/load-file\.js$/, 'src/engine/load-file.ts'],
  [/\/inherits\.js$/, 'src/engine/inherits.ts'],
  [/^\.\/accepts\.js$/, 'build/gen/spec/accepts.js'],
  // What yargs and its layout ask of their surroundings.
  [/^string-width$/, 'src/engine/string-width.ts'],
  [/platform-shims\/esm\.mjs$/, 'src/engine/yargs.ts'],
];

/** What stands in for Node in the executable, and what only exists there. */
const engine = {
  name: 'engine',
  setup(build: Resolver): void {
    build.onResolve({ filter: /^node:/ }, ({ path, importer }) => {
      const module = `${root}src/engine/${path.slice('node:'.length)}.ts`;
      if (existsSync(module)) return { path: module };
      throw new Error(`${importer} imports ${path}, which the engine has not`);
    });
    for (const [filter, path] of replaced) {
      build.onResolve({ filter }, () => ({ path: `${root}${path}` }));
    }
    build.onResolve({ filter: /^sampan:/ }, ({ path }) => ({ path, external: true }));
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { success, logs } = await Bun.build({
  entrypoints: [`${root}src/engine/main.ts`],
  outdir: out,
  target: 'node',
  format: 'esm',
  splitting: true,
  minify: true,
  define: Object.fromEntries(definitions.map((text) => text.split(/=(.*)/s).slice(0, 2))),
  plugins: [engine],
});
for (const log of logs) console.error(log);
process.exit(success ? 0 : 1);
