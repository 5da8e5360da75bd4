// `check`: what of this machine containers can use, and how to mend the rest.

import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'check',
  summary: 'tell what works on this machine, what does not, and how to mend it',
  arguments: [],
  flags: {
    format: {
      type: 'text',
      alias: 'f',
      value: 'FORMAT',
      choices: ['table', 'json'],
      default: 'table',
      description: 'a line for each finding, or all of it with the facts behind as JSON',
    },
  },
  examples: [
    { command: 'check', description: 'ends with 0 if a default container can run, else with 1' },
    { command: 'check --format json', description: 'the same for programs' },
  ],
  async run({ context, cgroupManager, flags }) {
    const { collectSurvey } = await import('../check/collect.js');
    const { checkJson, checkTable } = await import('../check/output.js');
    const { canRun } = await import('../check/findings/index.js');
    const survey = await collectSurvey(context, cgroupManager);
    if (flags.format === 'json') print(checkJson(survey));
    else (await import('../fitted.js')).printTable(checkTable(survey));
    return canRun(survey) ? 0 : 1;
  },
});
