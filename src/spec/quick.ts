// Most documents are right. In the executable that is found out without zod, whose schemas take
// longer to build than a document takes to be checked: scripts/accepts-source.ts makes plain tests
// of them. What these refuse is checked again by the schemas, which say why.

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

/** What scripts/accepts-source.ts makes. */
export interface Accepts {
  acceptsConfig(document: unknown): boolean;
  acceptsProcess(document: unknown): boolean;
}

/** `require` is Bun's, resolved when the executable is built, and never met by Node. */
const compiled: Accepts | undefined = import.meta.url.includes('/$bunfs/')
  ? require('../../build/gen/spec/accepts.js')
  : undefined;

/** `checkConfig` of `validate.ts` without a look for unknown properties. */
export async function quickConfig(text: string): Promise<Checked> {
  const to = new Problems();
  const subject = { accepts: compiled?.acceptsConfig ?? never, rules: configRules };
  const config = quickly(() => checkText(text, subject, to));
  if (config !== undefined) return configResult(config, to);
  const { checkConfig } = await import('./validate.js');
  const checked = checkConfig(text, { unknown: false });
  // What is missing may be there under a name that is not known.
  return checked.ok ? checked : checkConfig(text);
}

/** The same for `checkProcess`. */
export async function quickProcess(text: string): Promise<CheckedProcess> {
  const to = new Problems();
  const subject = { accepts: compiled?.acceptsProcess ?? never, rules: processRules };
  const process = quickly(() => checkText(text, subject, to, wrapped));
  if (process !== undefined) return processResult(process, to);
  const { checkProcess } = await import('./validate.js');
  return checkProcess(text, { unknown: false });
}

/** Without the compiled tests every document goes the long way. */
const never = () => false;

/** Undefined also for a document that is too deep for the stack. */
function quickly(check: () => unknown): unknown {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
