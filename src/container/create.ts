// `create`: everything up to the moment before the program runs.

import * as fs from 'node:fs';
import { readBundle } from './bundle.js';
import type { Context } from './context.js';
import { establish } from './establish.js';
import { checkTerminal } from './terminal.js';

/** What `create` is asked for. Paths of `bundle` are absolute. */
export interface CreateOptions {
  readonly id: string;
  readonly bundle: string;
  /** Other file than config.json. */
  readonly config?: string;
  readonly consoleSocket?: string;
  readonly pidfdSocket?: string;
  readonly pidFile?: string;
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  /** A limit that would not hold is an error. */
  readonly strict?: boolean;
  readonly preserveFds: number;
}

/** Makes a container that waits for `start`. Rejects with `Failed`; then nothing is left. */
export async function create(context: Context, options: CreateOptions): Promise<void> {
  const bundle = await readBundle(options);
  checkTerminal(bundle.config.process?.terminal ?? false, true, options.consoleSocket);
  const { pidfd, terminal } = await establish(context, bundle, { ...options, operation: 'create' });
  fs.closeSync(pidfd);
  if (terminal !== undefined) fs.closeSync(terminal);
}
