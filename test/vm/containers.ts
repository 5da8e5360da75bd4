// Containers in the test guest, and promises that are kept in it.

import { afterAll, beforeAll, describe } from '@jest/globals';
import { defaultSpec } from '../../src/spec/default-spec.js';
import type { BundleConfig } from '../rig/bundle.js';
import { needs } from '../rig/needs.js';
import { whyNoMachine } from './image.js';
import { BOOT_MS, BOOTS, Machine, type Mode, type Ran, type Who } from './machine.js';

/** What a promise works with: the guest, and who it is in it. */
export class Guest {
  private count = 0;

  constructor(
    private readonly machine: Shared,
    readonly who: Who,
  ) {}

  /** How often a machine was begun with: what was prepared in another one is gone. */
  get boots(): number {
    return this.machine.boots;
  }

  /** A shell script; `sampan`, `crun` and `runc` are in its PATH. */
  run(script: string, timeout?: number): Promise<Ran> {
    const { who } = this;
    return this.machine.run(script, timeout === undefined ? { who } : { who, timeout });
  }

  /** Prepares the machine, whoever the promise is for; its output. Throws unless it ends with 0. */
  async asRoot(script: string, timeout = 120_000): Promise<string> {
    const { status, stdout, stderr } = await this.machine.run(script, { who: 'root', timeout });
    if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${stderr}`);
    return stdout;
  }

  /** The script's output; throws unless it ends with 0. */
  async output(script: string, timeout?: number): Promise<string> {
    const { status, stdout, stderr } = await this.run(script, timeout);
    if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${stderr}${stdout}`);
    return stdout;
  }

  /** A bundle with busybox and the default config.json, as `edit` leaves it; its path. */
  async bundle(script: string, edit: (config: BundleConfig) => void = () => {}): Promise<string> {
    const path = `/tmp/${this.newId()}`;
    const ids = this.who === 'root' ? {} : { rootless: { uid: 1000, gid: 1000 } };
    const config = defaultSpec({ cgroup2: true, ...ids }) as BundleConfig;
    Object.assign(config.process, { terminal: false, args: ['sh', '-c', script] });
    config.root = { path: '/vm/rootfs', readonly: true };
    edit(config);
    await this.output(
      `mkdir ${path}; cat >${path}/config.json <<'END'\n${JSON.stringify(config)}\nEND`,
    );
    return path;
  }

  /** The cgroup of a container without linux.cgroupsPath: looking there takes no exec. */
  async cgroup(id: string): Promise<string> {
    return (await this.output(`find /sys/fs/cgroup -type d -name sampan-${id}`)).trim();
  }

  /** An id that nothing else in this guest has. */
  newId(): string {
    this.count += 1;
    return `${this.who}-${this.count}`;
  }
}

/** Declares one promise. */
export type Declare = (name: string, body: (guest: Guest) => Promise<void>) => void;

/** Milliseconds for one promise; the guest is slow, and so may the machine be. */
const LIMIT_MS: Record<Mode, number> = { quick: 300_000, systemd: 300_000, clients: 900_000 };

/**
 * Promises for root and for an ordinary user with a delegated cgroup, kept in the guest that all of
 * its mode share.
 */
export function inGuest(
  title: string,
  mode: Mode,
  whos: readonly Who[],
  declare: (promise: Declare) => void,
): void {
  const lacking = whyNoMachine(mode);
  describe(`${title} (${mode} guest)`, () => {
    beforeAll(
      async () => {
        if (lacking === undefined) await shared[mode].boot();
      },
      BOOTS * BOOT_MS + LIMIT_MS[mode],
    );
    for (const who of whos) {
      describe(`as ${who}`, () => {
        const test = needs('vm', lacking === undefined, lacking ?? '');
        declare((name, body) => {
          test(
            name,
            () => timed(`${title}, as ${who}: ${name}`, body(guests[mode][who])),
            LIMIT_MS[mode],
          );
        });
      });
    }
  });
}

/** Says at once what was tried and how long it took: jest prints when all of a machine are done. */
async function timed(name: string, kept: Promise<void>): Promise<void> {
  const begin = performance.now();
  const tell = (mark: string) => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stderr.write(`  ${mark} ${name} (${seconds} s)\n`);
  };
  try {
    await kept;
    tell('✓');
  } catch (error) {
    tell('✕');
    process.stderr.write(`${error}\n`);
    throw error;
  }
}

/** One machine for many promises: booting takes longer than most of them. */
class Shared {
  private booting: Promise<Machine> | undefined;
  boots = 0;

  constructor(private readonly mode: Mode) {}

  boot(): Promise<Machine> {
    if (this.booting === undefined) this.boots += 1;
    this.booting ??= Machine.boot(this.mode, dist);
    return this.booting;
  }

  /** A machine that does not answer goes: the next script gets another one. */
  async run(script: string, options: { who: Who; timeout?: number }): Promise<Ran> {
    const machine = await this.boot();
    try {
      return await machine.run(script, options);
    } catch (error) {
      machine.close();
      this.booting = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const machine = await this.booting?.catch(() => undefined);
    machine?.close();
  }
}

const dist = new URL('../../dist', import.meta.url).pathname;
const shared: Record<Mode, Shared> = {
  quick: new Shared('quick'),
  systemd: new Shared('systemd'),
  clients: new Shared('clients'),
};
const guests: Record<Mode, Record<Who, Guest>> = {
  quick: guestsIn(shared.quick),
  systemd: guestsIn(shared.systemd),
  clients: guestsIn(shared.clients),
};
afterAll(() => Promise.all(Object.values(shared).map((machine) => machine.close())));

function guestsIn(machine: Shared): Record<Who, Guest> {
  return { root: new Guest(machine, 'root'), user: new Guest(machine, 'user') };
}
