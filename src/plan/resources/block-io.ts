// linux.resources.blockIO (config-linux.md#block-io) in files of version 2 (cgroup-v2.rst).

import type { BlockIo } from '../../spec/config/block-io.js';
import { amount, type Limits } from './limits.js';

const THROTTLES = [
  ['throttleReadBpsDevice', 'rbps'],
  ['throttleWriteBpsDevice', 'wbps'],
  ['throttleReadIOPSDevice', 'riops'],
  ['throttleWriteIOPSDevice', 'wiops'],
] as const;

/** Rates in bytes or operations per second; a rate of 0 is no limit, as in version 1. */
export function blockIoLimits(io: BlockIo, to: Limits): void {
  if (io.weight) weight('/blockIO/weight', '', io.weight, to);
  io.weightDevice?.forEach((device, index) => {
    const at = `/blockIO/weightDevice/${index}`;
    if (device.weight) weight(`${at}/weight`, `${number(device)} `, device.weight, to);
    if (device.leafWeight) refuseLeaf(`${at}/leafWeight`, to);
  });
  if (io.leafWeight) refuseLeaf('/blockIO/leafWeight', to);
  for (const [name, key] of THROTTLES) {
    io[name]?.forEach((device, index) => {
      const rate = device.rate === 0 ? 'max' : amount(device.rate);
      to.write(`/blockIO/${name}/${index}`, 'io.max', `${number(device)} ${key}=${rate}`);
    });
  }
}

/** BFQ's weights have the range of the specification; io.weight goes from 1 to 10000. */
function weight(at: string, whose: string, value: number, to: Limits): void {
  const scaled = 1 + Math.floor(((value - 10) * 9999) / 990);
  const otherwise = { file: 'io.weight', value: `${whose}${scaled}` };
  to.write(at, 'io.bfq.weight', `${whose}${value}`, { otherwise });
}

function refuseLeaf(at: string, to: Limits): void {
  const cause = 'cgroup version 2 has no weight for the processes of an inner group';
  to.refuse(at, cause, 'use weight');
}

function number({ major, minor }: { readonly major: number; readonly minor: number }): string {
  return `${major}:${minor}`;
}
