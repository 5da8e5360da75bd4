// `explain`: the launch plan of a bundle, and for each step the place in config.json behind it.

import { containerId, planFlags, planOptions } from '../flags/launch.js';
import { print } from '../print.js';
import { verb } from '../verb.js';

export default verb({
  name: 'explain',
  summary: 'print the launch plan of a bundle without running it',
  arguments: [{ ...containerId, optional: true }],
  flags: {
    ...planFlags,
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: ['text', 'json'],
      default: 'text',
      description: 'a list for people, or the plan itself as JSON',
    },
  },
  examples: [{ command: 'explain -b ./bundle', description: 'what would be done, step by step' }],
  async run({ cgroupManager, id, flags }) {
    const { planOfBundle } = await import('../plan-bundle.js');
    const plan = await planOfBundle({ id: id || 'ID', cgroupManager, ...planOptions(flags) });
    const { explainPlan, planJson } = await import('../../plan/explain.js');
    print(flags.format === 'json' ? `${planJson(plan)}\n` : explainPlan(plan));
    return 0;
  },
});
