// Pressure: a good part of the time processes of a container wait for memory, a CPU or I/O
// (the kernel's Documentation/accounting/psi.rst).

import * as fs from 'node:fs';
import { type Awaited, type Pressure, pressure } from '../cgroup/stats.js';
import { codeOf } from '../host/system-failure.js';
import { addon } from '../native/load.js';

/** Of `events`: what was waited for, as `stats` has it. */
export type PressureData = Readonly<
  Record<'memory' | 'cpu' | 'blkio', { readonly psi?: Pressure }>
>;

/** Where `stats` has the pressure of each. */
const PLACES = { memory: 'memory', cpu: 'cpu', io: 'blkio' } as const;

/** In microseconds. Who has no CAP_SYS_RESOURCE may only have multiples of two seconds. */
const WINDOW = 2_000_000;

/** Files of a cgroup that tell, at most once in two seconds, when somebody waited `percent` of them. */
export class PressureWatch {
  private readonly watched = new Map<number, Awaited>();

  constructor(
    private readonly cgroup: string,
    percent: number,
  ) {
    if (percent === 0) return;
    const trigger = `some ${(WINDOW / 100) * percent} ${WINDOW}`;
    for (const resource of ['memory', 'cpu', 'io'] as const) {
      const descriptor = openThere(`${cgroup}/${resource}.pressure`, trigger);
      if (descriptor !== undefined) this.watched.set(descriptor, resource);
    }
  }

  get descriptors(): number[] {
    return [...this.watched.keys()];
  }

  /** The pressure that a descriptor tells of now; undefined for one that is not of this watch. */
  told(descriptor: number): Partial<PressureData> | undefined {
    const resource = this.watched.get(descriptor);
    return resource && { [PLACES[resource]]: pressure(this.cgroup, resource) };
  }

  close(): void {
    for (const descriptor of this.watched.keys()) fs.closeSync(descriptor);
    this.watched.clear();
  }
}

/** A kernel without pressure has none to tell, and older ones tell only who has CAP_SYS_RESOURCE. */
function openThere(path: string, trigger: string): number | undefined {
  try {
    return addon().watchPressure(path, trigger);
  } catch (error) {
    const passedOver = ['ENOENT', 'EOPNOTSUPP', 'EPERM', 'EACCES', 'EINVAL'];
    if (passedOver.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
