// Where sampan itself runs: in another container, under a mask, in which directories.

import { render } from '../../../failure.js';
import { rootIsNoMount } from '../../../launch/namespaces-refused.js';
import { type Line, limited, missing, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { isRootOfAll, whyHidden } from './words.js';

/** Lines of the group `surroundings`. */
export function surroundingLines(survey: Survey): Line[] {
  return [
    container(survey),
    root(survey),
    covers(survey),
    ...hidden(survey),
    filtered(survey),
    tun(survey),
  ];
}

/** Lines of the group `places`. */
export function placeLines(survey: Survey): Line[] {
  return [stateRoot(survey), here(survey)];
}

function container({ surroundings, host }: Survey): Line {
  const name = 'container';
  const inside = host.inUserNamespace ? 'in a user namespace' : 'in the initial user namespace';
  const { container: engine } = surroundings;
  if (engine === undefined) return works(name, `not in one, ${inside}`);
  return works(name, `in one${engine === 'unknown' ? '' : ` of ${engine}`}, ${inside}`);
}

function root({ namespaces }: Survey): Line {
  const name = 'root directory';
  if (!namespaces.chroot) return works(name, 'a mount', true);
  return missing(name, rootIsNoMount.cause, rootIsNoMount.mend, true);
}

/** Root of the initial user namespace may mount what it likes. */
function covers(survey: Survey): Line {
  const { proc } = survey.surroundings;
  const name = '/proc';
  if (proc === null) return works(name, 'nothing covers it');
  const meaning = whyHidden('proc', proc);
  return isRootOfAll(survey)
    ? works(name, `${meaning}; that does not hinder root`)
    : limited(name, meaning, 'see mounts: proc');
}

function hidden({ surroundings }: Survey): Line[] {
  const { procOptions } = surroundings;
  if (procOptions.length === 0) return [];
  const meaning = `mounted with ${procOptions.join(',')}: processes of others are hidden`;
  return [limited('/proc options', meaning, 'mount -o remount,hidepid=0 /proc')];
}

function filtered({ namespaces }: Survey): Line {
  const name = 'seccomp filter';
  if (!namespaces.filtered) return works(name, 'none is around sampan');
  return limited(name, 'one is around sampan: what it refuses is refused to containers too');
}

/** For slirp4netns, pasta and VPNs. */
function tun({ surroundings }: Survey): Line {
  const name = '/dev/net/tun';
  const refused = surroundings.tun;
  if (refused === null) return works(name, 'networks of user space can be made');
  const meaning = `no slirp4netns, no pasta (${refused.errno})`;
  if (refused.errno === 'EACCES') return limited(name, meaning, 'chmod 666 /dev/net/tun');
  const inside = surroundings.container !== undefined;
  const device = 'run the container around this with --device /dev/net/tun';
  return limited(name, meaning, inside ? device : 'modprobe tun');
}

function stateRoot({ places }: Survey): Line {
  const name = 'state';
  if (places.unwritable === null) return works(name, places.root, true);
  const { remedy, ...failure } = places.unwritable;
  return missing(name, render(failure), remedy ?? 'give --root DIR', true);
}

function here({ places }: Survey): Line {
  const name = 'this directory';
  if (!places.options.includes('noexec')) return works(name, places.here);
  return limited(
    name,
    `${places.mount} is mounted noexec: programs of a bundle in ${places.here} cannot be executed`,
    `mount -o remount,exec ${places.mount}`,
  );
}
