// A mount that is a new file system (fsopen(2)).

import type { Mount } from '../spec/types.js';
import { ATTR } from './flags.js';
import { isMapped } from './id-maps.js';
import type { MountOptions } from './mount-options.js';
import { KERNEL_TYPES } from './real-target.js';
import type { Situation } from './situation.js';
import type { InitStep } from './steps.js';

/** A new file system. */
export function fileSystem(
  situation: Situation,
  mount: Mount,
  type: string,
  options: MountOptions,
  pointer: string,
): InitStep {
  const source = mount.source ?? type;
  // Mounts of one block device share its state: a read-only one must not replay a journal.
  const readOnly = source.startsWith('/') && options.set & ATTR.RDONLY ? ['ro'] : [];
  const data = options.data.filter((o) => keepData(situation, type, o, pointer));
  return {
    step: 'mount-filesystem',
    type,
    source,
    options: [...readOnly, ...options.superblock, ...data.map(({ text }) => text)],
    attributes: options.set,
    propagation: options.propagation,
    target: mount.destination,
    realTarget: KERNEL_TYPES.has(type),
    pointer,
  };
}

/** devpts refuses an owner that the user namespace does not map; gid=5 is in most configurations. */
function keepData(
  situation: Situation,
  type: string,
  { text, index }: { text: string; index: number },
  pointer: string,
): boolean {
  const [kind, id] = text.split('=');
  if (type !== 'devpts' || (kind !== 'uid' && kind !== 'gid')) return true;
  if (isMapped(situation, kind, Number(id)) !== false) return true;
  const message = `${text} left out: not mapped in the user namespace`;
  situation.notes.warn(`${pointer}/options/${index}`, message);
  return false;
}
