// `audit ID`: what a running container can do, what grants it, and the known ways out.

import { containerId } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'audit',
  summary: 'tell what a running container can do, what grants it, and which ways out are open',
  arguments: [containerId],
  flags: {
    format: {
      type: 'text',
      alias: 'f',
      value: 'FORMAT',
      choices: ['table', 'json'],
      default: 'table',
      description: 'a line for each finding, or the same as JSON',
    },
    strict: {
      type: 'switch',
      description: 'end with 1 if there is a known way out of the container',
    },
  },
  examples: [
    { command: 'audit web', description: 'what web can do, with places in its config.json' },
    { command: 'audit --strict --format json web', description: 'for a test of what is deployed' },
  ],
  async run({ context, id, flags }) {
    const { collectAudit } = await import('../audit/collect.js');
    const { auditJson, auditOf, auditTable, hasSevere } = await import('../audit/output.js');
    const facts = await collectAudit(context(), id);
    const audit = auditOf(facts);
    if (flags.format === 'json') print(auditJson(audit, facts));
    else (await import('../fitted.js')).printTable(auditTable(audit));
    return flags.strict && hasSevere(audit) ? 1 : 0;
  },
});
