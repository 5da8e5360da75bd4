// Reads JSON Schema as the standard has it, as far as `schema` uses it; another keyword is an error.
// (zod's own reader takes no integer beyond 2^53-1.)

type Schema = Readonly<Record<string, unknown>> & { else?: object };
type Fields = Readonly<Record<string, unknown>>;

/** Whether `value` is what `schema` describes. */
export function accepts(schema: object, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`unknown keyword ${keyword}`);
    return check(argument as never, value, schema as Schema);
  });
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const says = () => true;

/** A keyword that is about one type of value has no say about others. */
const ofText =
  (check: (argument: never, value: string) => boolean) => (argument: never, value: unknown) =>
    typeof value !== 'string' || check(argument, value);
const ofNumber =
  (check: (argument: never, value: number) => boolean) => (argument: never, value: unknown) =>
    typeof value !== 'number' || check(argument, value);
const ofList =
  (check: (argument: never, value: unknown[]) => boolean) => (argument: never, value: unknown) =>
    !Array.isArray(value) || check(argument, value);
const ofObject =
  (check: (argument: never, value: Fields, schema: Schema) => boolean) =>
  (argument: never, value: unknown, schema: Schema) =>
    !isObject(value) || check(argument, value, schema);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
};

const KEYWORDS: Readonly<
  Record<string, (argument: never, value: unknown, schema: Schema) => boolean>
> = {
  $schema: says,
  title: says,
  description: says,
  examples: says,
  type: (names: string | string[], value) =>
    [names].flat().some((name) => TYPES[name]?.(value) ?? false),
  const: (right: unknown, value) => value === right,
  if: (condition: Schema, value, schema) => {
    return accepts(condition, value) || accepts(schema.else ?? {}, value);
  },
  else: says,
  anyOf: (schemas: Schema[], value) => schemas.some((schema) => accepts(schema, value)),
  enum: (values: unknown[], value) => values.includes(value),
  pattern: ofText((pattern: string, value) => new RegExp(pattern, 'u').test(value)),
  minLength: ofText((least: number, value) => [...value].length >= least),
  minimum: ofNumber((least: number, value) => value >= least),
  maximum: ofNumber((most: number, value) => value <= most),
  minItems: ofList((least: number, value) => value.length >= least),
  maxItems: ofList((most: number, value) => value.length <= most),
  items: ofList((schema: Schema, value) => value.every((item) => accepts(schema, item))),
  minProperties: ofObject((least: number, value) => Object.keys(value).length >= least),
  required: ofObject((names: string[], value) => names.every((name) => Object.hasOwn(value, name))),
  dependentRequired: ofObject((needs: Readonly<Record<string, string[]>>, value) =>
    Object.entries(needs).every(
      ([name, others]) =>
        !Object.hasOwn(value, name) || others.every((other) => Object.hasOwn(value, other)),
    ),
  ),
  propertyNames: ofObject((schema: Schema, value) =>
    Object.keys(value).every((name) => accepts(schema, name)),
  ),
  properties: ofObject((schemas: Readonly<Record<string, Schema>>, value) =>
    Object.entries(schemas).every(
      ([name, schema]) => !Object.hasOwn(value, name) || accepts(schema, value[name]),
    ),
  ),
  additionalProperties: ofObject((rest: Schema | false, value, { properties = {} }) =>
    Object.keys(value)
      .filter((name) => !Object.hasOwn(properties as Fields, name))
      .every((name) => rest !== false && accepts(rest, value[name])),
  ),
};
