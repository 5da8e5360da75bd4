// `schema DOCUMENT`: a JSON Schema, made of the schemas that documents are checked by.

import { print } from '../print.js';
import { verb } from '../verb.js';

const DOCUMENTS = ['config', 'state', 'features'] as const;

export default verb({
  name: 'schema',
  summary: 'print the JSON Schema of a document, for editors',
  arguments: [{ name: 'document', description: 'config, state or features', choices: DOCUMENTS }],
  flags: {
    strict: {
      type: 'switch',
      description: 'refuse unknown properties, so that an editor marks them',
    },
  },
  examples: [
    {
      command: 'schema config --strict >config.schema.json',
      description: 'then put "$schema": "./config.schema.json" into config.json',
    },
  ],
  async run({ id, flags: { strict } }) {
    const { jsonSchema } = await import('../../spec/json-schema.js');
    const { knownMountOptions } = await import('../../plan/mount-options.js');
    const mountOptions = [...knownMountOptions()];
    const name = id as (typeof DOCUMENTS)[number];
    print(`${JSON.stringify(jsonSchema(name, { strict, mountOptions }), null, 2)}\n`);
    return 0;
  },
});
