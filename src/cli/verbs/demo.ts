// `demo`: runs a container from a built-in bundle that tells what is isolated in it.

import { verb } from '../verb.js';

export default verb({
  name: 'demo',
  summary: 'run a built-in container that prints what is isolated in it',
  arguments: [],
  flags: {},
  examples: [{ command: 'demo', description: 'as root or as an ordinary user; needs no bundle' }],
  async run({ cgroupManager }) {
    const { runDemo } = await import('../demo.js');
    return runDemo(cgroupManager);
  },
});
