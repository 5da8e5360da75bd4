// Most documents are right. In the executable that is found out without zod, whose schemas take
// longer to build than a document takes to be checked: scripts/accepts-source.ts makes plain tests
// of them. What these refuse, or do not know, is checked again by the schemas, which say why.

import {
  type Checked,
  type CheckedProcess,
  checkText,
  configResult,
  processResult,
  wrapped,
} from './check.js';
import { Problems } from './problem.js';
import { configRules, processRules } from './rules/index.js';

/** What scripts/accepts-source.ts makes. Whether all properties are known is for what is accepted. */
export interface Accepts {
  acceptsConfig(document: unknown): boolean;
  knowsConfig(document: unknown): boolean;
  acceptsProcess(document: unknown): boolean;
  knowsProcess(document: unknown): boolean;
}

// Set by the build of the executable (`--define`).
declare const SAMPAN_EXECUTABLE: boolean | undefined;

/** `require` is resolved when the executable is built, and never met by Node. */
const compiled: Accepts | undefined =
  typeof SAMPAN_EXECUTABLE !== 'undefined' || import.meta.url.includes('/$bunfs/')
    ? require('../../build/gen/spec/accepts.js')
    : undefined;

/** `unknown`: and has no property that would have to be warned of. */
const acceptsConfig = (unknown: boolean) => (document: unknown) =>
  compiled?.acceptsConfig(document) === true && (!unknown || compiled.knowsConfig(document));
const acceptsProcess = (document: unknown) =>
  compiled?.acceptsProcess(document) === true && compiled.knowsProcess(document);

/** `checkConfig` of `validate.ts`. */
export async function quickConfig(text: string, { unknown = true } = {}): Promise<Checked> {
  const to = new Problems();
  const subject = { accepts: acceptsConfig(unknown), rules: configRules };
  const config = quickly(() => checkText(text, subject, to));
  if (config !== undefined) return configResult(config, to);
  const { checkConfig } = await import('./validate.js');
  return checkConfig(text, { unknown });
}

/** `checkProcess` of `validate.ts`. */
export async function quickProcess(text: string): Promise<CheckedProcess> {
  const to = new Problems();
  const subject = { accepts: acceptsProcess, rules: processRules };
  const process = quickly(() => checkText(text, subject, to, wrapped));
  if (process !== undefined) return processResult(process, to);
  const { checkProcess } = await import('./validate.js');
  return checkProcess(text);
}

/** Undefined also for a document that is too deep for the stack. */
function quickly(check: () => unknown): unknown {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
