// Containers in the test guest, and promises that each have a guest of their own to keep them in.

import { afterAll, beforeAll, describe } from '@jest/globals';
import { defaultSpec } from '../../src/spec/default-spec.js';
import type { BundleConfig } from '../rig/bundle.js';
import { needs } from '../rig/needs.js';
import { whyNoMachine } from './image.js';
import { Machine, type Mode, type Ran, type Who } from './machine.js';

/** What a promise works with: the guest, and who it is in it. */
export class Guest {
  private count = 0;

  constructor(
    private readonly machine: () => Machine,
    readonly who: Who,
  ) {}

  /** A shell script; `sampan`, `crun` and `runc` are in its PATH. */
  run(script: string, timeout?: number): Promise<Ran> {
    const { who } = this;
    return this.machine().run(script, timeout === undefined ? { who } : { who, timeout });
  }

  /** Prepares the machine, whoever the promise is for; throws unless it ends with 0. */
  async asRoot(script: string): Promise<void> {
    const { status, stderr } = await this.machine().run(script, { who: 'root' });
    if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${stderr}`);
  }

  /** The script's output; throws unless it ends with 0. */
  async output(script: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(script);
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

  /** An id that nothing else in this guest has. */
  newId(): string {
    this.count += 1;
    return `${this.who}-${this.count}`;
  }
}

/** Declares one promise. */
export type Declare = (name: string, body: (guest: Guest) => Promise<void>) => void;

/** Milliseconds for one promise; the guest is slow, and so may the machine be. */
const LIMIT_MS = 300_000;

/** Promises kept in one guest, for root and for an ordinary user with a delegated cgroup. */
export function inGuest(
  title: string,
  mode: Mode,
  whos: readonly Who[],
  declare: (promise: Declare) => void,
): void {
  const lacking = whyNoMachine();
  describe(`${title} (${mode} guest)`, () => {
    let machine: Machine | undefined;
    beforeAll(async () => {
      if (lacking === undefined) machine = await Machine.boot(mode, dist);
    }, LIMIT_MS);
    afterAll(() => machine?.close());
    const running = () => machine ?? fail();
    for (const who of whos) {
      const guest = new Guest(running, who);
      describe(`as ${who}`, () => {
        const test = needs('vm', lacking === undefined, lacking ?? '');
        declare((name, body) => test(name, () => body(guest), LIMIT_MS));
      });
    }
  });
}

const dist = new URL('../../dist', import.meta.url).pathname;

function fail(): never {
  throw new Error('the guest did not start');
}
