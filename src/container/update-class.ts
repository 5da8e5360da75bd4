// `update` of the shares of cache and memory bandwidth (config-linux.md#intelrdt).

import { fail } from '../failure.js';
import { attempt } from '../host/system-failure.js';
import { classAmong, setSchemata } from '../launch/resctrl.js';
import { baseSchemata, type Shares } from '../plan/resctrl.js';

/**
 * Changes the class of service among the directories `made` for a container. Throws `Failed`. One
 * that was there before is left alone: others may be in it, whose shares would change too.
 */
export function updateClass(
  doing: string,
  made: readonly string[] | undefined,
  shares: Shares,
): void {
  const path = classAmong(made);
  if (path === undefined) {
    fail({
      doing,
      cause: 'no class of service was made for this container',
      remedy:
        'create it with a schema in linux.intelRdt; one that several share is changed by its schemata file in resctrl',
    });
  }
  attempt({ doing, path: `${path}/schemata` }, () => setSchemata(path, baseSchemata(shares)));
}
