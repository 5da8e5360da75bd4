// Writes the default config.json, never over another one.

import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import type { HostFacts } from '../host/facts.js';
import { hiddenView } from '../host/kernel-views.js';
import { isFiltered } from '../host/namespace-facts.js';
import { attempt } from '../host/system-failure.js';
import { covers, mayWriteMaps } from '../plan/id-grants.js';
import { hasRanges } from '../plan/user-namespace.js';
import type { Config } from '../spec/config/config.js';
import { defaultSpec } from '../spec/default-spec.js';

const doing = 'write the specification';

const TTY_GROUP = 5;

/** Writes `file` (default: config.json in `bundle`). */
export function writeSpec(bundle: string, file: string | undefined, rootless: boolean): void {
  const path = file ?? resolve(bundle, 'config.json');
  const text = JSON.stringify(specForHere(rootless), null, '\t');
  if (fs.existsSync(path))
    fail({ doing, path, cause: 'the file exists', remedy: 'remove it first' });
  attempt({ doing, path }, () => fs.writeFileSync(path, text, { flag: 'wx' }));
}

/** The default configuration for this host and, when `rootless`, for the caller's ids. */
export function specForHere(rootless: boolean): Config {
  const facts = collectFacts();
  const { uid, gid, cgroup, inUserNamespace, privileged } = facts;
  return defaultSpec({
    cgroup2: cgroup.layout === 'v2',
    ...(rootless && { rootless: { uid, gid } }),
    bound: rootless || inUserNamespace || !privileged ? boundHere() : [],
    noTtyGroup: !hasTtyGroup(facts),
    // The filters of podman and docker refuse sethostname(2), but none of the rest in a user namespace.
    noHostname: !privileged && isFiltered(),
  });
}

/** Whether group 5 is there, in this user namespace or in that which is made without being asked for. */
function hasTtyGroup(facts: HostFacts): boolean {
  if (!mayWriteMaps(facts)) return hasRanges(facts);
  return !facts.inUserNamespace || covers(facts.mappedIds.gid, TTY_GROUP, 1);
}

/** In a user namespace the kernel lets nobody see what is hidden here (host/kernel-views.ts). */
function boundHere(): ('/proc' | '/sys')[] {
  return [
    ...(hiddenView('proc') ? (['/proc'] as const) : []),
    ...(hiddenView('sysfs') ? (['/sys'] as const) : []),
  ];
}
