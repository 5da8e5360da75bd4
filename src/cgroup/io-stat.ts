// io.stat in the form of runc's `events`.

import { keyedBy } from './stat-files.js';

/** Bytes or operations of one device. */
export interface BlkioEntry {
  readonly major: number;
  readonly minor: number;
  readonly op: 'Read' | 'Write' | 'Discard';
  readonly value: number;
}

const BYTES = [
  ['Read', 'rbytes'],
  ['Write', 'wbytes'],
  ['Discard', 'dbytes'],
] as const;
const OPERATIONS = [
  ['Read', 'rios'],
  ['Write', 'wios'],
  ['Discard', 'dios'],
] as const;

/** Empty lists are left out, as runc does. */
export function ioEntries(path: string): {
  ioServiceBytesRecursive?: BlkioEntry[];
  ioServicedRecursive?: BlkioEntry[];
} {
  const devices = keyedBy(path, 'io.stat');
  const bytes = entries(devices, BYTES);
  const operations = entries(devices, OPERATIONS);
  return {
    ...(bytes.length > 0 ? { ioServiceBytesRecursive: bytes } : {}),
    ...(operations.length > 0 ? { ioServicedRecursive: operations } : {}),
  };
}

function entries(
  devices: ReadonlyMap<string, Record<string, number>>,
  names: readonly (readonly [op: BlkioEntry['op'], name: string])[],
): BlkioEntry[] {
  return [...devices].flatMap(([device, values]) => {
    const [major = 0, minor = 0] = device.split(':').map(Number);
    return names.flatMap(([op, name]) => {
      const value = values[name];
      return value === undefined ? [] : [{ major, minor, op, value }];
    });
  });
}
