// What src/ may use in the executable, where Node is not: tsconfig.engine.json checks it against this
// and src/engine in place of Node's types.

declare namespace NodeJS {
  type ProcessEnv = Record<string, string | undefined>;
  interface ErrnoException extends Error {
    readonly code?: string;
    readonly errno?: number;
    readonly syscall?: string;
    readonly path?: string;
  }
}

declare const process: typeof import('../src/engine/globals.js').process & ReplacedProcess;
declare const TextEncoder: typeof import('../src/engine/globals.js').TextEncoder;
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { readonly ignoreBOM: true },
) => import('../src/engine/globals.js').TextDecoder;
/** `made`: when the engine was there, milliseconds on the clock of `now`, which begins with main(). */
declare const performance: { now(): number; readonly made: number };

// Only for the modules that the executable has its own of (`replaced` in scripts/bundle.ts).
interface ReplacedProcess {
  dlopen(module: object, path: string): void;
}
interface ImportMeta {
  readonly url: string;
}
declare class URL {
  constructor(path: string, base: string);
}
declare module 'node:url' {
  export function fileURLToPath(url: URL): string;
}
