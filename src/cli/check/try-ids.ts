// Maps of ids, written for real into user namespaces that are gone at once.

import * as fs from 'node:fs';
import { Failed, type Failure } from '../../failure.js';
import type { HostFacts } from '../../host/facts.js';
import { systemFailure } from '../../host/system-failure.js';
import type { IdMaps } from '../../launch/id-maps.js';
import { openUserNamespace } from '../../launch/mapped-mounts.js';
import { addon } from '../../native/load.js';
import { mayWriteMaps } from '../../plan/id-grants.js';
import type { IdRange } from '../../plan/steps.js';
import { hasRanges } from '../../plan/user-namespace.js';
import type { IdSurvey, Tried } from './survey.js';
import { tried } from './tried.js';

/** Tries the maps that the caller may write. */
export function tryIds(host: HostFacts): IdSurvey {
  if (host.privileged && !host.inUserNamespace) return { mappedMount: tryMappedMount() };
  return mayWriteMaps(host) || !hasRanges(host) ? {} : { ranges: tryRanges(host) };
}

/** The own id as 0, and all that subuid(5) grants after it. */
function tryRanges({ uid, gid, subordinateIds }: HostFacts): Failure | null {
  return tryMaps({
    method: 'helper',
    uid: withOwn(uid, subordinateIds.uid),
    gid: withOwn(gid, subordinateIds.gid),
  });
}

function withOwn(own: number, granted: HostFacts['subordinateIds']['uid']): IdRange[] {
  const ranges: IdRange[] = [{ containerId: 0, hostId: own, size: 1 }];
  let next = 1;
  for (const { start, count } of granted) {
    ranges.push({ containerId: next, hostId: start, size: count });
    next += count;
  }
  return ranges;
}

function tryMaps(maps: IdMaps): Failure | null {
  try {
    fs.closeSync(openUserNamespace(addon(), maps));
    return null;
  } catch (error) {
    if (error instanceof Failed) return error.failure;
    return systemFailure(error, { doing: 'make a user namespace' });
  }
}

function tryMappedMount(): Tried {
  const ids = [{ containerId: 0, hostId: 100_000, size: 65_536 }];
  return tried(() => {
    const namespace = openUserNamespace(addon(), { method: 'direct', uid: ids, gid: ids });
    try {
      fs.closeSync(addon().openMappedTree(process.cwd(), namespace, 0, 0, 0));
    } finally {
      fs.closeSync(namespace);
    }
  });
}
