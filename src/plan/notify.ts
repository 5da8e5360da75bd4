// NOTIFY_SOCKET of the caller, made reachable in the container (sd_notify(3)).

import type { BindSources } from './bind-sources.js';
import { ATTR, CLONE } from './flags.js';
import { has } from './namespaces.js';
import type { LaunchOptions } from './plan.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

const TARGET = '/run/notify/notify.sock';
const ORIGIN = { because: 'environment NOTIFY_SOCKET' };

/** The steps, and the address as the container sees it. */
export interface Notify {
  readonly steps: readonly InitStep[];
  readonly address?: string;
}

/** Binds the socket's file; an abstract address is reachable in the same network namespace only. */
export function notifySocket(
  situation: Situation,
  { notifySocket: address }: LaunchOptions,
  sources: BindSources,
): Notify {
  if (!address) return { steps: [] };
  if (address.startsWith('@')) {
    if (!has(situation, CLONE.NEWNET)) return { steps: [], address };
    return leaveOut(situation, 'an abstract socket does not reach into a network namespace');
  }
  if (!has(situation, CLONE.NEWNS)) return leaveOut(situation, 'there is no mount namespace');
  const bind: InitStep = {
    ...sources.bind(address, false, ORIGIN),
    // It is a place to send to. The file is that of all services of the manager, and stays as it is.
    setAttributes: ATTR.RDONLY | ATTR.NOSUID | ATTR.NODEV | ATTR.NOEXEC,
    clearAttributes: 0,
    recursiveSetAttributes: 0,
    recursiveClearAttributes: 0,
    propagation: 0,
    target: TARGET,
  };
  return { steps: [bind], address: TARGET };
}

function leaveOut({ notes }: Situation, reason: string): Notify {
  notes.warn('/process/env', `NOTIFY_SOCKET not passed on: ${reason}`);
  return { steps: [] };
}
