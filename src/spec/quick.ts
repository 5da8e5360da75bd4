// Most documents are right. In the executable that is found out without zod, whose schemas take
// longer to build than a document takes to be checked: scripts/accepts-source.ts makes plain tests
// of them. What these refuse, or do not know, is checked again by the schemas, which say why.

import * as accepts from './accepts.js';
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

/** `unknown`: and has no property that would have to be warned of. */
const acceptsConfig = (unknown: boolean) => (document: unknown) =>
  accepts.acceptsConfig(document) && (!unknown || accepts.knowsConfig(document));
const acceptsProcess = (document: unknown) =>
  accepts.acceptsProcess(document) && accepts.knowsProcess(document);

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
