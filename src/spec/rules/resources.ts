// Values of cgroup limits that no kernel takes (config-linux.md#control-groups).

import { below } from '../problem.js';
import { each, type Rule } from './rule.js';

/** `unified` names files of cgroup v2. */
export const unified: Rule = {
  reads: ['/linux/resources/unified'],
  check({ linux }, to) {
    for (const key of Object.keys(linux?.resources?.unified ?? {})) {
      if (key !== '' && !key.includes('/')) continue;
      const pointer = below('/linux/resources/unified', key);
      to.error(pointer, `must be the name of a file, without "/": "${key}"`);
    }
  },
};

/** Swappiness is a percentage. */
export const swappiness: Rule = {
  reads: ['/linux/resources/memory'],
  check({ linux }, to) {
    const value = linux?.resources?.memory?.swappiness ?? 0;
    if (value <= 100) return;
    const pointer = '/linux/resources/memory/swappiness';
    to.error(pointer, `must be an integer from 0 to 100, not ${value}`);
  },
};

/** Limits are bytes or -1; that of swap includes memory and needs its limit, as in runc. */
export const memoryLimits: Rule = {
  reads: ['/linux/resources/memory'],
  check({ linux }, to) {
    const memory = linux?.resources?.memory;
    if (memory === undefined) return;
    const pointer = '/linux/resources/memory';
    for (const name of ['limit', 'reservation', 'swap', 'kernel', 'kernelTCP'] as const) {
      if ((memory[name] ?? 0) >= -1) continue;
      to.error(`${pointer}/${name}`, `must be bytes, or -1 for no limit, not ${memory[name]}`);
    }
    const { limit = 0, swap = 0 } = memory;
    if (swap <= 0) return;
    if (limit <= 0)
      to.error(`${pointer}/swap`, 'needs limit, as it limits memory and swap together');
    else if (swap < limit) {
      const message = `limits memory and swap together, so it must not be less than limit, ${limit}`;
      to.error(`${pointer}/swap`, message);
    }
  },
};

/** Weights of block devices are 10 to 1000; 0 is how engines write unset. */
export const blockWeights: Rule = {
  reads: ['/linux/resources/blockIO'],
  check({ linux }, to) {
    const io = linux?.resources?.blockIO;
    if (io === undefined) return;
    const weigh = (value: number | undefined, pointer: string) => {
      if (!value || (value >= 10 && value <= 1000)) return;
      to.error(`/linux/resources/blockIO${pointer}`, `must be from 10 to 1000, not ${value}`);
    };
    weigh(io.weight, '/weight');
    weigh(io.leafWeight, '/leafWeight');
    each(io.weightDevice, (device, i) => {
      if (device.weight === undefined && device.leafWeight === undefined) {
        const pointer = `/linux/resources/blockIO/weightDevice/${i}`;
        to.error(pointer, 'must have weight, leafWeight or both');
      }
      weigh(device.weight, `/weightDevice/${i}/weight`);
      weigh(device.leafWeight, `/weightDevice/${i}/leafWeight`);
    });
  },
};

/** An rdma entry limits something. */
export const rdma: Rule = {
  reads: ['/linux/resources/rdma'],
  check({ linux }, to) {
    for (const [device, limits] of Object.entries(linux?.resources?.rdma ?? {})) {
      if (limits.hcaHandles !== undefined || limits.hcaObjects !== undefined) continue;
      to.error(below('/linux/resources/rdma', device), 'must have hcaHandles, hcaObjects or both');
    }
  },
};

const PAGE_SIZE = /^[1-9]\d*[KMG]B$/;

/** Page sizes have the form `64KB`, `2MB`, `1GB`, each once. */
export const hugepages: Rule = {
  reads: ['/linux/resources/hugepageLimits/*'],
  check({ linux }, to) {
    const list = linux?.resources?.hugepageLimits;
    each(list, ({ pageSize }, i) => {
      const pointer = below('/linux/resources/hugepageLimits', i, 'pageSize');
      if (!PAGE_SIZE.test(pageSize)) {
        to.error(pointer, `must be a size such as 64KB, 2MB or 1GB, not "${pageSize}"`);
      }
      if (list?.findIndex((other) => other?.pageSize === pageSize) !== i) {
        to.error(pointer, `${pageSize} is already limited`);
      }
    });
  },
};
