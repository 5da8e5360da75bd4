// `validate`: everything that is wrong with a bundle, without running it.

import { bundleFlag, planFlags } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'validate',
  summary: 'list every problem of a bundle without running it',
  arguments: [],
  flags: {
    ...bundleFlag,
    config: planFlags.config,
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: ['text', 'json'],
      default: 'text',
      description: 'lines for people, or one JSON object',
    },
  },
  examples: [{ command: 'validate -b ./bundle', description: 'exit status 1 if it cannot run' }],
  async run({ flags }) {
    const { checkBundle } = await import('../check-bundle.js');
    const report = checkBundle(flags.bundle, flags.config);
    const { jsonReport, textReport } = await import('../validate-output.js');
    if (flags.format === 'json') print(jsonReport(report));
    else (await import('../fitted.js')).printTable(textReport(report));
    return report.valid ? 0 : 1;
  },
});
