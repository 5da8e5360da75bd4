// `completion SHELL`: a script that completes commands, flags and container ids.

import { print } from '../print.js';
import { verb } from '../verb.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export default verb({
  name: 'completion',
  summary: 'print a completion script for a shell',
  arguments: [{ name: 'shell', description: 'bash, zsh or fish', choices: SHELLS }],
  flags: {},
  examples: [
    { command: 'completion bash', description: 'to use it: source <(sampan completion bash)' },
  ],
  async run({ id }) {
    const { completionScript } = await import('../completion/script.js');
    print(await completionScript(id as (typeof SHELLS)[number]));
    return 0;
  },
});
