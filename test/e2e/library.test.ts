// The library as another program has it: `import … from 'sampan'` in a plain Node process.

import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { Rig } from '../rig/rig.js';
import { asRoot } from '../rig/ways.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a module in Node from inside the package, which may import itself by name. */
async function node(rig: Rig, program: string): Promise<string> {
  const line = [process.execPath, '--input-type=module', '--eval', program];
  const { status, stdout, stderr } = await rig.execute(line, { cwd: repository });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

asRoot('the library', (promise) => {
  promise(
    'runs a container with the streams of its program and tells the exit status',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.runs('echo from the container; exit 42');
      const options = JSON.stringify({ id: rig.newId(), bundle: bundle.path });
      const context = JSON.stringify({ root: rig.stateDirectory });
      const program = `
      import { list, run } from 'sampan';
      const status = await run(${options}, ${context});
      console.log(status, list(${context}).length);`;
      expect(await node(rig, program)).toBe('from the container\n42 0\n');
    },
  );

  promise('validates, plans and explains without running anything', async (rig) => {
    const bundle = await rig.bundle();
    const program = `
      import { collectFacts, compile, explain, validate } from 'sampan';
      import { readFileSync } from 'node:fs';
      const text = readFileSync('${bundle.path}/config.json', 'utf8');
      console.log(validate(text.replace('"cwd"', '"cdw"')).problems[0].pointer);
      const { config } = validate(text);
      const options = { id: 'x', operation: 'run', bundle: '${bundle.path}', noPivot: false,
        noNewKeyring: false, preserveFds: 0, listenFds: 0, cgroupManager: 'disabled' };
      const { plan } = compile(config, collectFacts(), options);
      console.log(plan.steps.at(-1).step, explain(plan).includes('/process/args'));`;
    expect(await node(rig, program)).toBe('/process/cwd\nexecute true\n');
  });

  promise('creates, starts, kills and removes; a failure names its place', async (rig) => {
    const bundle = await rig.bundle();
    bundle.runs(['sleep', '60']);
    const context = JSON.stringify({ root: rig.stateDirectory });
    const id = JSON.stringify(rig.newId());
    const program = `
      import { create, Failed, kill, remove, start, state } from 'sampan';
      const [id, context] = [${id}, ${context}];
      const status = () => console.log(state(id, context).status);
      await create({ id, bundle: '${bundle.path}' }, context);
      status();
      start(id, context);
      status();
      kill(id, 9, context);
      remove(id, { force: true }, context);
      try { status(); } catch (error) { console.log(error instanceof Failed, error.failure.cause); }`;
    const told = `true container ${id} does not exist`;
    expect(await node(rig, program)).toBe(`created\nrunning\n${told}\n`);
  });
});
