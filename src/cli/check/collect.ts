// Finds out what `check` tells of. What can only be tried is tried, and leaves nothing behind.

import * as fs from 'node:fs';
import { release } from 'node:os';
import { withManager } from '../../cgroup/systemd/manager.js';
import type { Context } from '../../container/context.js';
import { Failed, type Failure } from '../../failure.js';
import { collectFacts } from '../../host/collect.js';
import type { HostFacts } from '../../host/facts.js';
import { hiddenIn } from '../../host/kernel-views.js';
import { namespaceFacts } from '../../host/namespace-facts.js';
import { hidingOptions } from '../../host/proc-options.js';
import { addon } from '../../native/load.js';
import type { Surroundings, Survey, SystemdSurvey } from './survey.js';
import { tried } from './tried.js';
import { tryCgroup } from './try-cgroup.js';
import { tryContainer } from './try-container.js';
import { tryIds } from './try-ids.js';
import { tryKernel } from './try-kernel.js';
import { surveyPlaces } from './try-places.js';

/** `context`: where containers would be; throws `Failed` where there is no place. */
export async function collectSurvey(
  context: () => Context,
  cgroupManager: Context['cgroupManager'],
): Promise<Survey> {
  const host = { ...collectFacts() };
  const systemd = surveySystemd(host);
  // What is made from here on has to be removed, whatever a person types meanwhile.
  addon().outliveSignals();
  return {
    host,
    release: release(),
    namespaces: namespaceFacts(),
    ...tryKernel(host),
    ids: tryIds(host),
    cgroup: tryCgroup(host),
    systemd,
    surroundings: surroundings(),
    places: surveyPlaces(context),
    ...(await tryContainer(host, cgroupManager)),
  };
}

function surveySystemd({ systemd, userName }: HostFacts): SystemdSurvey {
  return {
    booted: fs.existsSync('/run/systemd/system'),
    unreached: unreached({ unit: '', manager: systemd.manager, uid: systemd.uid }),
    runtimeDirectory: process.env.XDG_RUNTIME_DIR ?? '',
    lingers: fs.existsSync(`/var/lib/systemd/linger/${userName}`),
  };
}

function unreached(unit: Parameters<typeof withManager>[0]): Failure | null {
  try {
    return withManager(unit, () => null);
  } catch (error) {
    if (error instanceof Failed) return error.failure;
    throw error;
  }
}

function surroundings(): Surroundings {
  const container = engine();
  const mounts = read('/proc/self/mountinfo');
  return {
    ...(container === undefined ? {} : { container }),
    proc: hiddenIn(mounts, 'proc') ?? null,
    sysfs: hiddenIn(mounts, 'sysfs') ?? null,
    procOptions: hidingOptions(mounts),
    tun: tried(() => fs.closeSync(fs.openSync('/dev/net/tun', 'r+'))),
  };
}

/**
 * What engines leave in their containers, and what systemd writes down (container_interface). The
 * files alone do not tell: machines are made of images, too.
 */
function engine(): string | undefined {
  if (INITIAL.every(([kind, inode]) => isNamespace(kind, inode))) return undefined;
  if (fs.existsSync('/run/.containerenv')) return 'podman';
  if (fs.existsSync('/.dockerenv')) return 'docker';
  const named = read('/run/systemd/container').trim() || process.env.container;
  if (named) return named;
  return isNamespace('pid', INITIAL[0][1]) ? undefined : 'unknown';
}

/** Numbers of the namespaces that a machine starts with (the kernel's proc_ns.h). */
const INITIAL = [
  ['pid', 0xeffffffc],
  ['uts', 0xeffffffe],
  ['ipc', 0xefffffff],
  ['cgroup', 0xeffffffb],
] as const;

/** True as well where that cannot be told. */
function isNamespace(kind: string, inode: number): boolean {
  try {
    return fs.readlinkSync(`/proc/self/ns/${kind}`) === `${kind}:[${inode}]`;
  } catch {
    return true;
  }
}

function read(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
