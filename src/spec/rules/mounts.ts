// Mounts (config.md#mounts).

import { posix } from 'node:path';
import type { Mount } from '../config/mounts.js';
import type { Problems } from '../problem.js';
import { mappings } from './id-maps.js';
import { each, isAbsolute, type Rule } from './rule.js';

/** Each mount has a destination, and a bind mount a source. */
export const mounts: Rule = {
  reads: ['/mounts/*'],
  check(config, to) {
    each(config.mounts, (mount, i) => {
      const pointer = `/mounts/${i}`;
      destination(mount, pointer, to);
      if (isBind(mount) && !mount.source && !mount.options?.includes('remount')) {
        to.error(`${pointer}/source`, `bind mount on ${mount.destination} needs a source`);
      }
    });
  },
};

/** What a mount may cover in /proc: files that describe the machine, the same as in runc. */
const IN_PROC = [
  ...['cpuinfo', 'diskstats', 'loadavg', 'meminfo', 'slabinfo', 'stat', 'swaps', 'uptime'],
  ...['sys/kernel/ns_last_pid', 'sys/crypto/fips_enabled'],
];

/** Other places are taken for the kernel's own (CVE-2019-16884). */
function inProc(path: string): boolean {
  const [first, ...rest] = posix.normalize(`/${path}`).split('/').filter(Boolean);
  return first === 'proc' && rest.length > 0 && !IN_PROC.includes(rest.join('/'));
}

function destination(mount: Mount, pointer: string, to: Problems): void {
  const path = mount.destination;
  if (path.includes('proc') && inProc(path)) {
    to.error(`${pointer}/destination`, `nothing may be mounted in /proc on "${path}"`);
  }
  if (path === '') to.error(`${pointer}/destination`, 'must not be empty');
  else if (!isAbsolute(path)) {
    const message = `relative destination "${path}" is deprecated and taken as "/${path}"`;
    to.warning(`${pointer}/destination`, message);
  }
}

function isBind(mount: Mount): boolean {
  return mount.options?.some((o) => o === 'bind' || o === 'rbind') ?? mount.type === 'bind';
}

/** An idmapped mount has both maps, or takes those of a user namespace. */
export const idmappedMounts: Rule = {
  reads: ['/mounts/*', '/linux/namespaces', '/linux/uidMappings', '/linux/gidMappings'],
  check(config, to) {
    each(config.mounts, (mount, i) => {
      const pointer = `/mounts/${i}`;
      // As engines written in Go write it, an empty list is none.
      const given = (mount.uidMappings?.length ?? 0) + (mount.gidMappings?.length ?? 0) > 0;
      if (given) bothMaps(mount, pointer, to);
      else if (mount.options?.some((o) => o === 'idmap' || o === 'ridmap')) {
        if (config.linux?.namespaces?.some((n) => n.type === 'user')) return;
        const message = 'idmap needs uidMappings and gidMappings, of the mount or a user namespace';
        to.error(`${pointer}/options`, message);
      }
    });
  },
};

function bothMaps(mount: Mount, pointer: string, to: Problems): void {
  const { uidMappings: uids, gidMappings: gids } = mount;
  if (!uids?.length) to.error(`${pointer}/uidMappings`, 'required when gidMappings is there');
  if (!gids?.length) to.error(`${pointer}/gidMappings`, 'required when uidMappings is there');
  mappings(uids, `${pointer}/uidMappings`, to);
  mappings(gids, `${pointer}/gidMappings`, to);
}
