// Failures of the schema as findings in words. Runs only when there is one.

import * as z from 'zod/mini';
import type { LeafParams } from './config/scalar.js';
import { didYouMean, nearest } from './nearest.js';
import { type Problems, pointerOf, shown } from './problem.js';
import { rightName, suggestion } from './suggest.js';

type Path = readonly PropertyKey[];

/** Where and how a value failed. */
interface SchemaIssue {
  readonly code: string;
  readonly path: Path;
  readonly expected?: string;
  readonly params?: LeafParams;
}

/** Reports every failure of `schema` in `document`; returns the paths of the values that failed. */
export function schemaProblems(schema: z.ZodMiniType, document: unknown, to: Problems): Path[] {
  const failed: Path[] = [];
  const visit = (part: z.ZodMiniType, value: unknown, base: Path) => {
    const result = z.safeParse(part, value);
    if (result.success) return;
    for (const issue of result.error.issues as SchemaIssue[]) {
      const path = [...base, ...issue.path];
      const found = valueAt(document, path);
      if (issue.params?.nested !== undefined && found !== undefined) {
        visit(issue.params.nested(), found, path);
      } else {
        failed.push(path);
        report(path, issue, found, to);
      }
    }
  };
  visit(schema, document, []);
  return failed;
}

function report(path: Path, issue: SchemaIssue, found: unknown, to: Problems): void {
  const pointer = pointerOf(path);
  const values = issue.params?.values;
  const expected = values ? `one of ${values.join(', ')}` : expectation(issue);
  if (found === undefined) {
    to.error(pointer, `required but missing: ${expected}${suggestion(pointer)}`, { expected });
  } else if (values && typeof found === 'string') {
    const close = rightName(pointer, found) ?? nearest(found, values);
    const detail = { expected, got: shown(found), ...(close && { nearest: close }) };
    const help = close ? didYouMean(close) : `, expected ${expected}`;
    to.error(pointer, `unknown value ${shown(found)}${help}`, detail);
  } else {
    const got = shown(found);
    const message = `must be ${expected}, not ${got}${suggestion(pointer, expected, found)}`;
    to.error(pointer, message, { expected, got });
  }
}

const WORDS: Record<string, string> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

function expectation(issue: SchemaIssue): string {
  if (issue.params?.expected !== undefined) return issue.params.expected;
  if (issue.params?.nested !== undefined) return words(issue.params.nested());
  return WORDS[issue.expected ?? ''] ?? 'a value';
}

function words(schema: z.ZodMiniType): string {
  const { type } = schema._zod.def;
  return WORDS[type] ?? 'a value';
}

/** The value a path leads to, or undefined. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
