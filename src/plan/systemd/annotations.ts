// Properties of the unit that annotations ask for: `org.systemd.property.NAME`, as in runc and crun.

import { below } from '../../spec/problem.js';
import type { Situation } from '../situation.js';
import { parseGVariant, type Typed } from './gvariant.js';
import type { UnitProperty } from './property.js';

/** What such an annotation's name begins with. */
export const PROPERTY_PREFIX = 'org.systemd.property.';

/** These say where the container is and what is in it. */
const OWN = ['PIDs', 'PIDFDs', 'Slice'];

/** The properties asked for; a refusal for each that cannot be one. */
export function annotatedProperties({ config, notes }: Situation): UnitProperty[] {
  return Object.entries(config.annotations ?? {}).flatMap(([key, text]) => {
    if (!key.startsWith(PROPERTY_PREFIX)) return [];
    const property = propertyOf(key.slice(PROPERTY_PREFIX.length), text);
    if (typeof property === 'object') return [property];
    notes.refuse({
      doing: "set a property of the container's unit",
      pointer: below('/annotations', key),
      cause: property,
      remedy: "the value is GVariant text: 'a text', true, uint64 30000000, ['one', 'two']",
    });
    return [];
  });
}

function propertyOf(name: string, text: string): UnitProperty | string {
  if (!/^[A-Z][A-Za-z0-9]{2,}$/.test(name)) return `"${name}" is not the name of a property`;
  if (OWN.includes(name)) return `${name} is the runtime's own to set`;
  const typed = parseGVariant(text);
  if (typeof typed === 'string') return typed;
  return inMicroseconds({ name, ...typed });
}

/** Units' files have seconds, and D-Bus microseconds under another name. */
function inMicroseconds(property: Typed & { readonly name: string }): UnitProperty | string {
  const { name, signature, value } = property;
  if (!/[^U]Sec$/.test(name) || !'ynqiuxtd'.includes(signature)) return property;
  const time = Math.round(Number(value) * 1_000_000);
  if (time >= 2 ** 64) return `${value} seconds are more than systemd can count`;
  return { name: name.replace(/Sec$/, 'USec'), signature: 't', value: Math.max(time, 0) };
}
