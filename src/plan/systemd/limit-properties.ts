// What systemd has to know of the limits in a scope's files: else it undoes them when it next looks
// after the cgroup, such as at a daemon-reload (systemd.resource-control(5)).

import { HIGHEST_CPU, parseNumberList } from '../../spec/number-list.js';
import type { CgroupWrite } from '../resources/limits.js';
import type { PropertyValue, UnitProperty } from './property.js';

const INFINITY = 2n ** 64n - 1n;

/** The period of a quota without one, in microseconds: what the kernel starts with. */
const USUAL_PERIOD = 100_000;

/** Limits that systemd has no property for are not among them, nor values that it does not take. */
export function propertiesOf(writes: readonly CgroupWrite[]): UnitProperty[] {
  const properties = writes.flatMap(({ file, value, otherwise }) => {
    const known = otherwise ?? { file, value };
    return PROPERTIES[known.file]?.(known.value) ?? [];
  });
  // The last word is that of `unified`, as in the files.
  return [...new Map(properties.map((property) => [property.name, property])).values()];
}

const PROPERTIES: Readonly<Record<string, (value: string) => UnitProperty[]>> = {
  'memory.max': (value) => bytes('MemoryMax', value, 1n),
  'memory.high': (value) => bytes('MemoryHigh', value, 1n),
  'memory.low': (value) => bytes('MemoryLow', value, 0n),
  'memory.min': (value) => bytes('MemoryMin', value, 0n),
  'memory.swap.max': (value) => bytes('MemorySwapMax', value, 0n),
  'pids.max': (value) => bytes('TasksMax', value, 1n),
  'cpu.weight': (value) => weight('CPUWeight', value),
  'io.weight': (value) => weight('IOWeight', value),
  // "idle" is a weight of 0 there.
  'cpu.idle': (value) => (value === '1' ? [unsigned('CPUWeight', 0n)] : []),
  'cpu.max': bandwidth,
  'cpuset.cpus': (value) => mask('AllowedCPUs', value),
  'cpuset.mems': (value) => mask('AllowedMemoryNodes', value),
};

/** systemd takes none below `least`: it gets the nearest, the file has what was asked for. */
function bytes(name: string, value: string, least: bigint): UnitProperty[] {
  if (value === 'max') return [unsigned(name, INFINITY)];
  const found = /^(\d+)([KMGT]?)$/i.exec(value.trim());
  if (found === null) return [];
  const shift = 10n * BigInt(' KMGT'.indexOf((found[2] || ' ').toUpperCase()));
  const number = BigInt(found[1] as string) << shift;
  return [unsigned(name, number < least ? least : number)];
}

function weight(name: string, value: string): UnitProperty[] {
  const number = /^(?:default )?(\d+)$/.exec(value)?.[1];
  const known = number !== undefined && Number(number) >= 1 && Number(number) <= 10_000;
  return known ? [unsigned(name, BigInt(number))] : [];
}

/** `QUOTA PERIOD`, where the period may be left out. systemd has the share of a second, in steps of 0.01 %. */
function bandwidth(value: string): UnitProperty[] {
  const found = /^(max|\d+)(?: (\d+))?$/.exec(value);
  if (found === null) return [];
  const period = Number(found[2] ?? USUAL_PERIOD);
  if (period === 0) return [];
  const share = () => BigInt(Math.ceil((Number(found[1]) * 10_000) / period) * 100);
  const quota = found[1] === 'max' ? INFINITY : share();
  const properties = [unsigned('CPUQuotaPerSecUSec', quota)];
  return found[2] ? [...properties, unsigned('CPUQuotaPeriodUSec', BigInt(period))] : properties;
}

/** A bit for each number, the lowest in the first byte. */
function mask(name: string, value: string): UnitProperty[] {
  const numbers = parseNumberList(value, HIGHEST_CPU);
  if (typeof numbers === 'string') return [];
  const mask: number[] = [];
  for (const number of numbers) {
    const byte = Math.floor(number / 8);
    while (mask.length <= byte) mask.push(0);
    mask[byte] = (mask[byte] ?? 0) | (1 << (number % 8));
  }
  return [{ name, signature: 'ay', value: mask }];
}

function unsigned(name: string, value: bigint): UnitProperty {
  const exact: PropertyValue = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  return { name, signature: 't', value: exact };
}
