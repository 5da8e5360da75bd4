// The two forms of `check`.

import { render } from '../../failure.js';
import { visible } from '../../visible.js';
import type { Finding } from './finding.js';
import { canRun, findings, obstacles } from './findings/index.js';
import type { Survey } from './survey.js';

/** Groups under their names, and last whether a default container runs. */
export function checkTable(survey: Survey): string {
  const all = findings(survey);
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  const groups = [...new Set(all.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const lines = all.filter((finding) => finding.group === group);
    return `${group}\n${lines.map((finding) => `${row(finding, width)}\n`).join('')}`;
  });
  return `${blocks.join('\n')}\n${conclusion(survey)}\n`;
}

/** `runs`, the findings, and the facts behind them. */
export function checkJson(survey: Survey): string {
  const document = { runs: canRun(survey), findings: findings(survey), facts: survey };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function row({ name, verdict, meaning, mend }: Finding, width: number): string {
  const what = mend === undefined ? meaning : `${meaning}; ${mend}`;
  return visible(`  ${name.padEnd(width)}${verdict.padEnd(9)}${what}`);
}

function conclusion(survey: Survey): string {
  if (canRun(survey)) return 'A default container can run here.';
  const failure = survey.trial ?? survey.places.unwritable;
  const lacking = obstacles(findings(survey)).map(({ group, name }) => `${group}: ${name}`);
  return `No default container can run here: ${failure ? render(failure) : lacking.join(', ')}`;
}
