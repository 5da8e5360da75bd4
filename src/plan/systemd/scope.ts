// The container as a transient scope of systemd (systemd.scope(5), org.freedesktop.systemd1(5)).

import { effectiveRules } from '../device-rules.js';
import { mayLimitDevices } from '../limit-devices.js';
import { cleanPath } from '../paths.js';
import type { LaunchOptions } from '../plan.js';
import type { Situation } from '../situation.js';
import type { StartScope } from '../steps.js';
import { annotatedProperties } from './annotations.js';
import { deviceProperties } from './device-properties.js';
import type { UnitProperty } from './property.js';
import { unitPlace } from './unit-names.js';

/** The step that makes it; undefined, with a refusal, where it cannot be named. */
export function startScope(
  situation: Situation,
  mount: string,
  { id }: LaunchOptions,
): StartScope | undefined {
  const { host, linux, notes } = situation;
  const { manager, cgroup } = host.systemd;
  const wanted = linux.cgroupsPath ?? '';
  const usual = manager === 'system' ? 'system.slice' : 'user.slice';
  const place = unitPlace(wanted, id, usual);
  if (typeof place === 'string') {
    const remedy = 'write system.slice:sampan:NAME, or use --cgroup-manager=cgroupfs for a path';
    notes.refuse({ doing: 'name the unit', pointer: '/linux/cgroupsPath', cause: place, remedy });
    return undefined;
  }
  const { unit, slice } = place;
  return {
    step: 'start-scope',
    ...{ unit, slice, manager, uid: host.systemd.uid },
    path: mount + cleanPath(`${cgroup}${place.path}`),
    properties: propertiesFor(situation, id, slice),
    ...(wanted ? { pointer: '/linux/cgroupsPath' } : { because: 'default unit' }),
  };
}

/** Annotations have the last word, and one property may be given in several parts. */
function propertiesFor(situation: Situation, id: string, slice: string): UnitProperty[] {
  const properties: UnitProperty[] = [
    { name: 'Description', signature: 's', value: `container ${id}` },
    { name: 'Slice', signature: 's', value: slice },
    // The cgroup is the runtime's and the container's own, with every controller there is.
    { name: 'Delegate', signature: 'b', value: true },
    { name: 'DefaultDependencies', signature: 'b', value: false },
    // With its last process it is gone, also where that was killed: nobody has to reset it.
    { name: 'CollectMode', signature: 's', value: 'inactive-or-failed' },
    ...(mayLimitDevices(situation)
      ? deviceProperties(effectiveRules(situation.linux.resources?.devices))
      : []),
  ];
  const annotated = new Map(annotatedProperties(situation).map((found) => [found.name, found]));
  return [...properties.filter(({ name }) => !annotated.has(name)), ...annotated.values()];
}
