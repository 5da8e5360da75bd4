// What a list of limits comes to: writes to files of the cgroup, and what version 2 cannot do.

/** One write to a file of the container's cgroup. */
export interface CgroupWrite {
  /** Its name in the cgroup's directory, `memory.max`. */
  readonly file: string;
  readonly value: string;
  /** Place in config.json. */
  readonly pointer: string;
  /** Written instead where the kernel has no `file`. */
  readonly otherwise?: { readonly file: string; readonly value: string };
  /** Nothing is lost where the kernel has no `file`: it limits more than was asked for. */
  readonly extra?: true;
}

/** A limit that cgroup version 2 cannot set. */
export interface Refusal {
  readonly pointer: string;
  readonly cause: string;
  readonly remedy?: string;
}

/** Collects while the parts of `linux.resources` are read. */
export class Limits {
  readonly writes: CgroupWrite[] = [];
  readonly refusals: Refusal[] = [];
  readonly warnings: { readonly pointer: string; readonly message: string }[] = [];

  /** `base` is the pointer to the resources. */
  constructor(private readonly base: string) {}

  /** `more` is for what a kernel may lack. */
  write(at: string, file: string, value: string, more: Partial<CgroupWrite> = {}): void {
    this.writes.push({ file, value, pointer: this.base + at, ...more });
  }

  refuse(at: string, cause: string, remedy?: string): void {
    const pointer = this.base + at;
    this.refusals.push(remedy === undefined ? { pointer, cause } : { pointer, cause, remedy });
  }

  warn(at: string, message: string): void {
    this.warnings.push({ pointer: this.base + at, message });
  }
}

/**
 * A number as the files have it: -1 is no limit, and so is what the kernel's own numbers end at, which
 * version 1 showed as such (its parser takes what is above for something small).
 */
export function amount(value: number): string {
  return value < 0 || value >= 2 ** 63 ? 'max' : String(BigInt(value));
}

/** The controller whose file it is; undefined for those that every cgroup has. */
export function controllerOf(file: string): string | undefined {
  const name = file.slice(0, file.indexOf('.'));
  return name === 'cgroup' || file.endsWith('.pressure') ? undefined : name;
}
