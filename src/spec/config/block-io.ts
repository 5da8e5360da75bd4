// Limits and weights of block devices (config-linux.md#block-io).

import * as z from 'zod/mini';
import { int64, integer, uint64 } from './scalar.js';

const device = { major: int64, minor: int64 };
const weight = () => z.optional(integer(0, 65535));
const throttles = () => z.optional(z.array(z.object({ ...device, rate: uint64 })));

/** `linux.resources.blockIO`; rates in bytes or operations per second. */
export const blockIoSchema = () =>
  z.object({
    weight: weight(),
    leafWeight: weight(),
    weightDevice: z.optional(
      z.array(z.object({ ...device, weight: weight(), leafWeight: weight() })),
    ),
    throttleReadBpsDevice: throttles(),
    throttleWriteBpsDevice: throttles(),
    throttleReadIOPSDevice: throttles(),
    throttleWriteIOPSDevice: throttles(),
  });

export type BlockIo = z.infer<ReturnType<typeof blockIoSchema>>;
