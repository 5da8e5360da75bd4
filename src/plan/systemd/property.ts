// A property of a unit, as systemd's manager takes it (org.freedesktop.systemd1(5)).

/** What a property may hold; 64-bit numbers that JavaScript has no exact number for are bigints. */
export type PropertyValue = boolean | number | bigint | string | readonly PropertyValue[];

/** One property with the D-Bus type of its value. */
export interface UnitProperty {
  readonly name: string;
  readonly signature: string;
  readonly value: PropertyValue;
}

/** `MemoryMax=4096`. */
export function propertyText({ name, value }: UnitProperty): string {
  return `${name}=${valueText(value)}`;
}

function valueText(value: PropertyValue): string {
  return typeof value === 'object' ? `[${value.map(valueText).join(',')}]` : String(value);
}
