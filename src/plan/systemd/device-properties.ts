// The list of devices as systemd has it (systemd.resource-control(5), DevicePolicy=). Its program in
// the kernel decides beside ours, and what one of the two denies is denied.

import type { DeviceRule } from '../device-rules.js';
import type { UnitProperty } from './property.js';

/** Of units of the system's manager: a user's attaches no program. */
export function deviceProperties(rules: readonly DeviceRule[]): UnitProperty[] {
  const allowed = asAllowed(rules);
  return [
    { name: 'DevicePolicy', signature: 's', value: allowed === undefined ? 'auto' : 'strict' },
    // Empty, it takes back what was set before, here and in files of the unit.
    { name: 'DeviceAllow', signature: 'a(ss)', value: [] },
    ...(allowed === undefined ? [] : [allowed]),
  ];
}

/**
 * Undefined for a list that systemd's cannot tell without denying more than it does, which is left to our
 * own program: one that denies after it allowed, that means one number of many drivers, or that
 * allows to read and to write in different places.
 */
function asAllowed(rules: readonly DeviceRule[]): UnitProperty | undefined {
  const [base, ...others] = rules;
  if (base === undefined || base.allow || !others.every(isPlain)) return undefined;
  const value = others.flatMap(({ type, major, minor, access }) =>
    (type === 'a' ? (['b', 'c'] as const) : [type]).map((type) => [
      device(type, major, minor),
      access,
    ]),
  );
  return { name: 'DeviceAllow', signature: 'a(ss)', value };
}

function isPlain({ allow, major, minor, access }: DeviceRule): boolean {
  return allow && (major >= 0 || minor < 0) && access.includes('r') === access.includes('w');
}

/** By numbers, since systemd 240, a node need not be there nor a driver loaded. */
function device(type: 'b' | 'c', major: number, minor: number): string {
  const kind = type === 'b' ? 'block' : 'char';
  if (major < 0) return `${kind}-*`;
  return minor < 0 ? `${kind}-${major}` : `/dev/${kind}/${major}:${minor}`;
}
