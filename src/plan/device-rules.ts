// The list of devices that a container may use, as one list in which the last match decides
// (config-linux.md#allowed-device-list).

import type { DeviceRule as GivenRule } from '../spec/types.js';

/** One entry with nothing left out; -1 is any number, type `a` is both kinds of device. */
export interface DeviceRule {
  readonly allow: boolean;
  readonly type: 'a' | 'b' | 'c';
  readonly major: number;
  readonly minor: number;
  /** Made of `r`, `w` and `m` (mknod). */
  readonly access: string;
}

/** A device as the kernel asks for it. */
export interface DeviceNumber {
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
}

const ANY = -1;
const DENY_ALL: DeviceRule = {
  allow: false,
  type: 'a',
  major: ANY,
  minor: ANY,
  access: 'rwm',
};

/**
 * What every container may do, whatever the list says: use the default devices and terminals
 * (config-linux.md#default-devices) and make nodes of any kind, which it cannot open. As runc does.
 */
const ALWAYS: readonly DeviceRule[] = [
  allow('c', ANY, ANY, 'm'),
  allow('b', ANY, ANY, 'm'),
  allow('c', 1, 3), // null
  allow('c', 1, 5), // zero
  allow('c', 1, 7), // full
  allow('c', 1, 8), // random
  allow('c', 1, 9), // urandom
  allow('c', 5, 0), // tty
  allow('c', 5, 1), // console
  allow('c', 5, 2), // ptmx
  allow('c', 136, ANY), // pts
];

/** What holds without a list, and all that most lists come to. */
const USUAL: readonly DeviceRule[] = [DENY_ALL, ...ALWAYS];

/**
 * The list in force: its first rule is about everything, a later one overrides those before it.
 * Nothing is allowed that is not named.
 */
export function effectiveRules(given: readonly GivenRule[] = []): readonly DeviceRule[] {
  const rules = given.map(whole);
  const start = rules.findLastIndex(isAboutAll);
  const own = rules.slice(start + 1).filter((rule) => !isMoot(rule));
  const base = start < 0 ? DENY_ALL : (rules[start] as DeviceRule);
  // Below "deny all" another denial denies nothing until something was allowed.
  const first = base.allow ? 0 : own.findIndex((rule) => rule.allow);
  if (first < 0) return USUAL;
  return [base, ...own.slice(first), ...ALWAYS];
}

/** Whether a list comes to what holds without one. */
export function isUsual(rules: readonly DeviceRule[]): boolean {
  return rules === USUAL;
}

/** Whether nothing is denied. */
export function allowsAll(rules: readonly DeviceRule[]): boolean {
  return rules.every((rule) => rule.allow);
}

/** Whether the list allows each kind of access: for each the last rule that speaks of it decides. */
export function mayAccess(
  rules: readonly DeviceRule[],
  device: DeviceNumber,
  access: string,
): boolean {
  return [...access].every(
    (kind) =>
      rules.findLast((rule) => rule.access.includes(kind) && matches(rule, device))?.allow ?? false,
  );
}

/** `allow c 136:* rwm`. */
export function ruleText({ allow, type, major, minor, access }: DeviceRule): string {
  const verb = allow ? 'allow' : 'deny';
  if (type === 'a' && major < 0 && minor < 0) return `${verb} all ${access}`;
  return `${verb} ${type} ${number(major)}:${number(minor)} ${access}`;
}

function number(value: number): string {
  return value < 0 ? '*' : String(value);
}

function allow(type: DeviceRule['type'], major: number, minor: number, access = 'rwm'): DeviceRule {
  return { allow: true, type, major, minor, access };
}

function whole({ allow, type, major, minor, access = 'rwm' }: GivenRule): DeviceRule {
  return {
    allow,
    type: (type || 'a') as DeviceRule['type'],
    major: atLeastAny(major),
    minor: atLeastAny(minor),
    access: [...'rwm'].filter((kind) => access.includes(kind)).join(''),
  };
}

function atLeastAny(value = ANY): number {
  return Math.max(value, ANY);
}

function isAboutAll({ type, major, minor, access }: DeviceRule): boolean {
  return type === 'a' && major === ANY && minor === ANY && access === 'rwm';
}

/** Without a word on access, or overridden by what is always allowed. */
function isMoot(rule: DeviceRule): boolean {
  return rule.access === '' || ALWAYS.some((other) => covers(other, rule));
}

function covers(other: DeviceRule, { type, major, minor, access }: DeviceRule): boolean {
  return (
    other.type === type &&
    (other.major === ANY || other.major === major) &&
    (other.minor === ANY || other.minor === minor) &&
    [...access].every((kind) => other.access.includes(kind))
  );
}

function matches(rule: DeviceRule, { type, major, minor }: DeviceNumber): boolean {
  return (
    (rule.type === 'a' || rule.type === type) &&
    (rule.major === ANY || rule.major === major) &&
    (rule.minor === ANY || rule.minor === minor)
  );
}
