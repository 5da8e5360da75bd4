// Is a config.json right? Text in, configuration or findings out; touches nothing else.

import * as z from 'zod/mini';
import { type Config, configSchema } from './config/config.js';
import { type Process, processSchema } from './config/process.js';
import { passes } from './config/scalar.js';
import { parseJson } from './parse-json.js';
import { type Problem, Problems, pointerOf } from './problem.js';
import { configRules, processRules } from './rules/index.js';
import type { Rule } from './rules/rule.js';
import { nulBytes } from './rules/strings.js';
import { scanJson } from './scan-json.js';
import { schemaProblems } from './schema-problems.js';
import { dropNulls, fillIn, withoutFailed } from './tolerate.js';
import { unknownKeys } from './unknown-keys.js';
import { unsupported } from './unsupported.js';

export type { Problem } from './problem.js';

/** A configuration that can be run, with what is odd about it, or everything that is wrong. */
export type Checked =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The same for the process document of `exec --process`; pointers start at its own root. */
export type CheckedProcess =
  | { readonly ok: true; readonly process: Process; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What else to look for. */
export interface CheckOptions {
  /** Warn of unknown and repeated properties (the default); costs a walk of the document. */
  readonly unknown?: boolean;
}

/**
 * Checks the text of a config.json: syntax, types, and the rules across properties of config.md
 * and config-linux.md. Lists every problem. A syntax error is one problem, with line and column.
 */
export function checkConfig(text: string, options: CheckOptions = {}): Checked {
  const to = new Problems();
  const config = check<Config>(text, { schema: configSchema, rules: configRules, options }, to);
  if (config === undefined || failed(to)) return { ok: false, problems: to.list };
  return { ok: true, config, warnings: to.list };
}

/** Checks the text of a process document (config.md#process). */
export function checkProcess(text: string, options: CheckOptions = {}): CheckedProcess {
  const to = new Problems();
  const schema = z.object({ process: processSchema });
  const subject = { schema, rules: processRules, options, wrap: 'process' };
  const whole = check<{ process: Process }>(text, subject, to);
  const problems = to.list.map((p) => ({ ...p, pointer: p.pointer.replace(/^\/process/, '') }));
  if (whole === undefined || failed(to)) return { ok: false, problems };
  return { ok: true, process: whole.process, warnings: problems };
}

interface Subject {
  readonly schema: z.ZodMiniType;
  readonly rules: readonly Rule[];
  readonly options: CheckOptions;
  /** The property of a configuration that the document is. */
  readonly wrap?: string;
}

function check<T>(text: string, subject: Subject, to: Problems): T | undefined {
  try {
    return checkText(text, subject, to) as T | undefined;
  } catch (e) {
    // The walks of a document are recursive; only a hostile one is as deep as the stack.
    if (!(e instanceof RangeError)) throw e;
    to.error('', 'lists and objects are nested too deeply');
    return undefined;
  }
}

function checkText(text: string, subject: Subject, to: Problems): unknown {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { line, column, cause } = parsed;
    to.error('', `not valid JSON: line ${line}, column ${column}: ${cause}`);
    return undefined;
  }
  const document = subject.wrap === undefined ? parsed.value : { [subject.wrap]: parsed.value };
  if (text.includes('null')) dropNulls(document, to);
  fillIn(document, to);
  if (passes(subject.schema, document)) {
    // The schemas change nothing, so the document itself is the configuration.
    for (const rule of subject.rules) rule.check(document as Config, to);
  } else {
    rulesThatCan(document, subject, to);
  }
  if (text.includes('\\u0000')) nulBytes(document, to);
  unsupported(document, to, namedIn(text));
  if (subject.options.unknown !== false) oddities(text, document, subject, to);
  return document;
}

/** Whether a name is in the text; yes for every name if the text has escapes to hide it in. */
function namedIn(text: string): (name: string) => boolean {
  const escapes = text.includes('\\u');
  return (name) => escapes || text.includes(name);
}

/** After a failure of the schema: the rules whose input did not fail. */
function rulesThatCan(document: unknown, subject: Subject, to: Problems): void {
  const failures = schemaProblems(subject.schema, document, to);
  const rest = withoutFailed(document, failures);
  if (rest === undefined) return;
  for (const rule of subject.rules) {
    if (!rule.reads.some((pointer) => rest.isBroken(pointer))) {
      rule.check(rest.document as Config, to);
    }
  }
}

function oddities(text: string, document: unknown, subject: Subject, to: Problems): void {
  unknownKeys(subject.schema, document, to);
  const base = subject.wrap === undefined ? [] : [subject.wrap];
  for (const path of scanJson(text).repeated) {
    to.warning(pointerOf([...base, ...path]), 'repeated property: only the last one counts');
  }
}

function failed(to: Problems): boolean {
  return to.list.some((problem) => problem.severity === 'error');
}
