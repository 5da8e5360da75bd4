// The two forms of `audit`.

import { visible, visibleJson } from '../../visible.js';
import type { AuditFacts } from './facts.js';
import { type Grant, grantsOf } from './grants.js';
import { allowedCalls } from './seccomp.js';
import { viewOf } from './view.js';
import { isSevere, warningsOf } from './warnings/index.js';
import type { Warning } from './warnings/warning.js';

/** What is known and what it means. */
export interface Audit {
  readonly id: string;
  readonly pid: number;
  readonly grants: readonly Grant[];
  readonly warnings: readonly Warning[];
}

/** Facts = audit. */
export function auditOf(facts: AuditFacts): Audit {
  const view = viewOf(facts);
  return {
    id: facts.id,
    pid: facts.processes[0].pid,
    grants: grantsOf(view),
    warnings: warningsOf(view),
  };
}

/** Whether there is a known way out. */
export function hasSevere({ warnings }: Audit): boolean {
  return warnings.some(isSevere);
}

/** The audit with the system calls by what becomes of them, where there is a profile. */
export function auditJson(audit: Audit, { config }: AuditFacts): string {
  const profile = config.linux?.seccomp;
  const systemCalls = profile === undefined ? null : allowedCalls(profile);
  const document = { ...audit, severe: hasSevere(audit), systemCalls };
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** Warnings come last, where a person looks. */
export function auditTable({ grants, warnings }: Audit): string {
  const names = Math.max(...grants.map(({ name }) => Math.min(name.length, WIDEST)));
  const values = Math.max(...grants.map(({ value }) => Math.min(value.length, WIDEST)));
  const groups = [...new Set(grants.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const lines = grants.filter((grant) => grant.group === group);
    return `${group}\n${lines.map((grant) => `${row(grant, names, values)}\n`).join('')}`;
  });
  return `${[...blocks, warningsText(warnings)].join('\n')}`;
}

/** A longer cell moves what follows it. */
const WIDEST = 32;

function row({ name, value, pointer }: Grant, names: number, values: number): string {
  const cells = `  ${name.padEnd(names)}  ${value.padEnd(values)}`;
  return visible(pointer === undefined ? cells.trimEnd() : `${cells}  ${pointer}`);
}

function warningsText(warnings: readonly Warning[]): string {
  const severe = warnings.filter(isSevere).length;
  const lines = warnings.map((warning) => `${warningText(warning)}\n`).join('');
  const end =
    severe === 0
      ? 'No known way out was found.'
      : `${severe} known ${severe === 1 ? 'way' : 'ways'} out of the container.`;
  return `warnings\n${lines === '' ? '  none\n' : lines}\n${end}\n`;
}

/** As a failure is written, with what mends it last. */
function warningText({ severity, name, meaning, pointer, remedy }: Warning): string {
  const where = pointer === undefined ? '' : ` [config.json ${pointer}]`;
  const mend = remedy === undefined ? '' : `; ${remedy}`;
  return visible(`  ${severity.padEnd(7)}  ${name}: ${meaning}${where}${mend}`);
}
