// The schemas as JSON Schema (draft 2020-12), for editors. Only `schema` loads this.

import type * as z from 'zod/mini';
import { configSchema } from './config/config.js';
import { DOCUMENT } from './describe/document.js';
import { FEATURES } from './describe/features.js';
import { CONFIG_HINTS, STATE_HINTS } from './describe/hints.js';
import { LINUX } from './describe/linux.js';
import { PROCESS } from './describe/process.js';
import { RESOURCES } from './describe/resources.js';
import { SECCOMP } from './describe/seccomp.js';
import { STATE } from './describe/state.js';
import { at, type Places, sentences } from './describe/texts.js';
import { featuresSchema } from './features.js';
import { isNullable, isOptional, type Part, partOf } from './parts.js';
import { stateSchema } from './state.js';

/** The documents that there is a schema for. */
export type DocumentName = 'config' | 'state' | 'features';

/** What differs from the schema as the specification has it. */
export interface JsonSchemaOptions {
  /** Refuse properties that are not known. The specification has them ignored. */
  readonly strict?: boolean;
  /** Names that an editor offers for `mounts[].options`. */
  readonly mountOptions?: readonly string[];
}

interface Source {
  readonly title: string;
  readonly schema: z.ZodMiniType;
  readonly texts: Places<string>;
  readonly hints: Places<object>;
}

const SOURCES: Readonly<Record<DocumentName, () => Source>> = {
  config: () => ({
    title: 'config.json of an OCI container',
    schema: configSchema,
    texts: sentences(DOCUMENT, PROCESS, LINUX, RESOURCES, SECCOMP),
    hints: CONFIG_HINTS,
  }),
  state: () => ({
    title: 'State of an OCI container',
    schema: stateSchema,
    texts: sentences(STATE),
    hints: STATE_HINTS,
  }),
  features: () => ({
    title: 'Features of an OCI runtime',
    schema: featuresSchema,
    texts: sentences(FEATURES),
    hints: {},
  }),
};

/** The JSON Schema of a document. */
export function jsonSchema(name: DocumentName, options: JsonSchemaOptions = {}): object {
  const source = SOURCES[name]();
  const { strict = false, mountOptions } = options;
  const more = mountOptions && { '/mounts/*/options/*': { examples: mountOptions } };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: source.title,
    ...converted(source.schema, '', { ...source, hints: { ...source.hints, ...more }, strict }),
  };
}

type Conversion = Pick<Source, 'texts' | 'hints'> & { readonly strict: boolean };

function converted(schema: z.ZodMiniType, pointer: string, to: Conversion): object {
  const description = at(to.texts, pointer);
  const words: { type?: string } = keywords(partOf(schema), pointer, to);
  return {
    ...(description !== undefined && { description }),
    ...words,
    ...(isNullable(schema) && { type: [words.type, 'null'] }),
    ...at(to.hints, pointer),
  };
}

function keywords(part: Part, pointer: string, to: Conversion): object {
  const item = `${pointer}/*`;
  switch (part.kind) {
    case 'object':
      return objectKeywords(part.shape, pointer, to);
    case 'list':
      return { type: 'array', items: converted(part.item, item, to) };
    case 'map':
      return { type: 'object', additionalProperties: converted(part.item, item, to) };
    case 'choice':
      return { type: 'string', enum: part.values };
    case 'leaf':
      return part.json;
    case 'anything':
      return {};
  }
}

function objectKeywords(
  shape: Readonly<Record<string, z.ZodMiniType>>,
  pointer: string,
  to: Conversion,
): object {
  const entries = Object.entries(shape);
  const required = entries.filter(([, part]) => !isOptional(part)).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, part]) => [name, converted(part, `${pointer}/${name}`, to)]),
    ),
    ...(required.length > 0 && { required }),
    ...(to.strict && { additionalProperties: false }),
  };
}
