// The check of a document, up to the words for what its schema refuses. Knows no schema.

import { holds } from '../holds.js';
import type { Config } from './config/config.js';
import type { Process } from './config/process.js';
import { parseJson } from './parse-json.js';
import type { Problem, Problems } from './problem.js';
import type { Rule } from './rules/rule.js';
import { nulBytes } from './rules/strings.js';
import { dropNulls, fillIn } from './tolerate.js';

/** A configuration that can be run, with what is odd about it, or everything that is wrong. */
export type Checked =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The same for the process document of `exec --process`; pointers start at its own root. */
export type CheckedProcess =
  | { readonly ok: true; readonly process: Process; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a document is held against. */
export interface Subject {
  /** Whether its schema accepts it. */
  readonly accepts: (document: unknown) => boolean;
  /** Says what is wrong with a document that is not accepted, and asks the rules that can be asked. */
  readonly refused?: (document: unknown, to: Problems) => void;
  readonly rules: readonly Rule[];
}

/** The process document as a configuration, so that the same rules and pointers hold for it. */
export const wrapped = (process: unknown) => ({ process });

/**
 * Checks a text; what was found is in `to`. `wrap` makes the document out of the parsed text.
 * Undefined for a text that is not JSON, or is refused and `subject` has nothing to say of that.
 */
export function checkText(
  text: string,
  subject: Subject,
  to: Problems,
  wrap = (value: unknown) => value,
): unknown {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { line, column, cause } = parsed;
    to.error('', `not valid JSON: line ${line}, column ${column}: ${cause}`);
    return undefined;
  }
  const document = wrap(parsed.value);
  if (holds(text, 'null')) dropNulls(document, to);
  fillIn(document, to);
  if (subject.accepts(document)) {
    // The schemas change nothing, so the document itself is the configuration.
    for (const rule of subject.rules) rule.check(document as Config, to);
  } else if (subject.refused === undefined) {
    return undefined;
  } else {
    subject.refused(document, to);
  }
  if (holds(text, '\\u0000')) nulBytes(document, to);
  return document;
}

/** The result for a configuration. */
export function configResult(config: unknown, { list }: Problems): Checked {
  if (config === undefined || failed(list)) return { ok: false, problems: list };
  return { ok: true, config: config as Config, warnings: list };
}

/** The result for a `wrapped` process document. */
export function processResult(document: unknown, { list }: Problems): CheckedProcess {
  const problems = list.map((p) => ({ ...p, pointer: p.pointer.replace(/^\/process/, '') }));
  if (document === undefined || failed(list)) return { ok: false, problems };
  return { ok: true, process: (document as { process: Process }).process, warnings: problems };
}

function failed(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
