// Network devices that a launch takes from the runtime's namespace, and gives back if it fails.

import * as fs from 'node:fs';
import { fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import type { Addon } from '../native/addon.js';

/** A device that was moved: where it is now and what it was. */
interface Taken {
  /** Descriptor of the network namespace that it is in. */
  readonly namespace: number;
  readonly name: string;
  readonly device: string;
  readonly wasUp: boolean;
}

/** The devices that one launch has moved so far. */
export class NetworkDevices {
  private readonly taken: Taken[] = [];

  /** Moves `device` to the network namespace of process `pid`, where it is called `name` and up. */
  take(pid: number, device: string, name: string, addon: Addon): void {
    const namespace = fs.openSync(`/proc/${pid}/ns/net`, 'r');
    try {
      const moved = fromOwn((own) => addon.moveNetworkDevice(own, namespace, device, name, true));
      this.taken.push({ namespace, device, ...moved });
    } catch (error) {
      fs.closeSync(namespace);
      if (codeOf(error) === 'EEXIST') taken(device, name);
      throw error;
    }
  }

  /** The launch is done: they are the container's. */
  keep(): void {
    for (const { namespace } of this.taken.splice(0)) fs.closeSync(namespace);
  }

  /** Gives them back under their names; one that cannot be had any more stays where it is. */
  giveBack(addon: Addon): void {
    for (const { namespace, name, device, wasUp } of this.taken.splice(0).reverse()) {
      try {
        fromOwn((own) => addon.moveNetworkDevice(namespace, own, name, device, wasUp));
      } catch {
        // The failure of the launch is what counts.
      }
      fs.closeSync(namespace);
    }
  }
}

function fromOwn<T>(move: (own: number) => T): T {
  const own = fs.openSync('/proc/self/ns/net', 'r');
  try {
    return move(own);
  } finally {
    fs.closeSync(own);
  }
}

function taken(device: string, name: string): never {
  return fail({
    doing: `move network device ${device}`,
    errno: 'EEXIST',
    cause: `the container has a network device ${name} already`,
    remedy: 'give it another name, or one that ends in %d',
  });
}
