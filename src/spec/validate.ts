// Is a config.json right? Text in, configuration or findings out; touches nothing else.

import * as z from 'zod/mini';
import {
  type Checked,
  type CheckedProcess,
  checkText,
  configResult,
  processResult,
  type Subject,
  wrapped,
} from './check.js';
import { type Config, configSchema } from './config/config.js';
import { processSchema } from './config/process.js';
import { passes } from './config/scalar.js';
import { Problems, pointerOf } from './problem.js';
import { configRules, processRules } from './rules/index.js';
import type { Rule } from './rules/rule.js';
import { scanJson } from './scan-json.js';
import { schemaProblems } from './schema-problems.js';
import { withoutFailed } from './tolerate.js';
import { unknownKeys } from './unknown-keys.js';

export type { Checked, CheckedProcess } from './check.js';
export type { Problem } from './problem.js';

/** What else to look for. */
export interface CheckOptions {
  /** Warn of unknown and repeated properties (the default); costs a walk of the document. */
  readonly unknown?: boolean;
}

/**
 * Checks the text of a config.json: syntax, types, and the rules across properties of config.md
 * and config-linux.md. Lists every problem. A syntax error is one problem, with line and column.
 */
export function checkConfig(text: string, { unknown = true }: CheckOptions = {}): Checked {
  const to = new Problems();
  const document = orTooDeep(to, () => {
    const document = checkText(text, subject(configSchema, configRules), to);
    if (unknown && document !== undefined) oddities(text, document, configSchema, [], to);
    return document;
  });
  return configResult(document, to);
}

/** Checks the text of a process document (config.md#process). */
export function checkProcess(text: string, { unknown = true }: CheckOptions = {}): CheckedProcess {
  const to = new Problems();
  const schema = wrappedProcessSchema();
  const document = orTooDeep(to, () => {
    const document = checkText(text, subject(schema, processRules), to, wrapped);
    if (unknown && document !== undefined) oddities(text, document, schema, ['process'], to);
    return document;
  });
  return processResult(document, to);
}

/** The schema of a process document that is the `process` of a configuration. */
export function wrappedProcessSchema(): z.ZodMiniType {
  return z.object({ process: processSchema });
}

function orTooDeep(to: Problems, check: () => unknown): unknown {
  try {
    return check();
  } catch (e) {
    // The walks of a document are recursive; only a hostile one is as deep as the stack.
    if (!(e instanceof RangeError)) throw e;
    to.error('', 'lists and objects are nested too deeply');
    return undefined;
  }
}

function subject(schema: z.ZodMiniType, rules: readonly Rule[]): Subject {
  return {
    accepts: (document) => passes(schema, document),
    refused: (document, to) => rulesThatCan(document, schema, rules, to),
    rules,
  };
}

/** After a failure of the schema: the rules whose input did not fail. */
function rulesThatCan(
  document: unknown,
  schema: z.ZodMiniType,
  rules: readonly Rule[],
  to: Problems,
): void {
  const failures = schemaProblems(schema, document, to);
  const rest = withoutFailed(document, failures);
  if (rest === undefined) return;
  for (const rule of rules) {
    if (!rule.reads.some((pointer) => rest.isBroken(pointer))) {
      rule.check(rest.document as Config, to);
    }
  }
}

function oddities(
  text: string,
  document: unknown,
  schema: z.ZodMiniType,
  base: readonly string[],
  to: Problems,
): void {
  unknownKeys(schema, document, to);
  for (const path of scanJson(text).repeated) {
    to.warning(pointerOf([...base, ...path]), 'repeated property: only the last one counts');
  }
}
