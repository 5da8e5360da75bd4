// Which ids a bind mount shows (config.md#mounts, mount_setattr(2) MOUNT_ATTR_IDMAP).

import type { Mount } from '../spec/types.js';
import type { MountIds } from './bind-sources.js';
import { CLONE } from './flags.js';
import { hostIdOf, toRanges } from './id-maps.js';
import type { DataOption, MountOptions } from './mount-options.js';
import { creates, has } from './namespaces.js';
import { sourcePropagation } from './root.js';
import type { Situation } from './situation.js';
import type { IdRange } from './steps.js';

type Maps = Pick<MountIds, 'namespace' | 'uid' | 'gid'>;
type Kind = 'uid' | 'gid';

/** Whether a mount is to have ids of its own: the maps alone ask for it as well. */
export function asksForIds({ uidMappings, gidMappings }: Mount, { mapIds }: MountOptions): boolean {
  return mapIds || (uidMappings?.length ?? 0) > 0 || (gidMappings?.length ?? 0) > 0;
}

/** The maps of a bind mount; undefined where it shows the ids of its file system. */
export function mountIds(
  situation: Situation,
  mount: Mount,
  options: MountOptions,
  pointer: string,
): MountIds | undefined {
  if (!asksForIds(mount, options)) return undefined;
  if (!situation.host.privileged) refuseUser(situation, mount, pointer);
  const maps = mapsOf(situation, mount, options, pointer);
  return { ...maps, mapAll: options.mapAll, propagation: sourcePropagation(situation) };
}

/** Those of the mount, of its option, or of the container. */
function mapsOf(
  situation: Situation,
  { uidMappings = [], gidMappings = [] }: Mount,
  { maps }: MountOptions,
  pointer: string,
): Maps {
  if (uidMappings.length > 0) return { uid: toRanges(uidMappings), gid: toRanges(gidMappings) };
  if (maps === undefined) return ownMaps(situation);
  const at = `${pointer}/options/${maps.index}`;
  const own = ownMaps(situation);
  const uid = listed(situation, 'uid', maps, at) ?? rest(situation, own.uid, at);
  const gid = listed(situation, 'gid', maps, at) ?? rest(situation, own.gid, at);
  return { uid, gid };
}

/** The container's own, or the namespace that it joins. */
function ownMaps({ linux, namespaces }: Situation): Maps {
  const joined = namespaces.joined.find(({ type }) => type === CLONE.NEWUSER);
  if (joined !== undefined) return { namespace: joined.path, uid: [], gid: [] };
  return { uid: toRanges(linux.uidMappings ?? []), gid: toRanges(linux.gidMappings ?? []) };
}

/** The other half of an option that names one kind: as in the container, else every id as it is. */
function rest(situation: Situation, own: readonly IdRange[], pointer: string): readonly IdRange[] {
  if (creates(situation, CLONE.NEWUSER)) return own;
  if (has(situation, CLONE.NEWUSER)) refuseText(situation, pointer, 'give both uids and gids');
  return [{ containerId: 0, hostId: 0, size: 2 ** 32 - 1 }];
}

/** `uids=@0-1000-1#5-2000-10`: from, to, length; with `@` the second is an id of the container. */
function listed(
  situation: Situation,
  kind: Kind,
  { text }: DataOption,
  pointer: string,
): IdRange[] | undefined {
  const list = new RegExp(`(?:^|;)${kind}s=([^;]*)`).exec(text)?.[1];
  if (list === undefined && /^[ug]ids=/.test(text)) return undefined;
  return (list ?? text).split('#').map((range) => {
    const [, at, from, to, size] = /^(@?)(\d{1,10})-(\d{1,10})-(\d{1,10})$/.exec(range) ?? [];
    if (from === undefined || Number(size) === 0) {
      refuseText(situation, pointer, `${JSON.stringify(range)} is not FROM-TO-LENGTH`);
    }
    const hostId = at ? inContainer(situation, kind, Number(to), pointer) : Number(to);
    return { containerId: Number(from), hostId, size: Number(size) };
  });
}

function inContainer(situation: Situation, kind: Kind, id: number, pointer: string): number {
  const found = hostIdOf(situation, kind, id);
  if (found === undefined && has(situation, CLONE.NEWUSER)) {
    refuseText(situation, pointer, `${kind} ${id} is not mapped in the container`);
  }
  return found ?? id;
}

function refuseText({ notes }: Situation, pointer: string, cause: string): void {
  notes.refuse({ doing: 'map the ids of a mount', pointer, cause });
}

function refuseUser({ notes }: Situation, { destination }: Mount, pointer: string): void {
  notes.refuse({
    doing: `map the ids of ${destination}`,
    pointer,
    cause: 'only root of the host may change the ids that a mount shows',
    remedy: 'map the ids of the files with linux.uidMappings and gidMappings, or run as root',
  });
}
