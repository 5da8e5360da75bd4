// The name of a container's unit, out of linux.cgroupsPath as `slice:prefix:name` (runc's form of it).

import { bytesOf } from '../../bytes.js';

/** A unit and where it is. */
export interface UnitPlace {
  readonly unit: string;
  /** The slice that holds it. */
  readonly slice: string;
  /** Its cgroup below that of the manager: `/a.slice/a-b.slice/web.scope`. */
  readonly path: string;
}

/** `wanted` empty: a unit named after the container, in the `usual` slice. A text says what is wrong. */
export function unitPlace(wanted: string, id: string, usual: string): UnitPlace | string {
  const parts = (wanted || `:sampan:${id}`).split(':');
  const [slice = '', prefix = '', name = ''] = parts;
  if (parts.length !== 3) return `with systemd this is slice:prefix:name, not "${wanted}"`;
  if (name === '') return `"${wanted}" names no unit after the second colon`;
  if (name.endsWith('.slice')) return 'a slice is for other units: name the container itself';
  const unit = `${escaped(prefix === '' ? name : `${prefix}-${name}`)}.scope`;
  // UNIT_NAME_MAX of systemd counts the NUL at the end.
  if (unit.length > 255)
    return `"${unit}" is too long for a unit, whose name has 255 bytes at most`;
  const folder = slicePath(slice || usual);
  if (folder === undefined) return `"${slice}" is not the name of a slice, such as a-b.slice`;
  return { unit, slice: slice || usual, path: `${folder}/${unit}` };
}

/** `a-b.slice` is in `a.slice`; `-.slice` is the root of them all (systemd.slice(5)). */
function slicePath(slice: string): string | undefined {
  if (slice === '-.slice') return '';
  const stem = slice.endsWith('.slice') ? slice.slice(0, -'.slice'.length) : '';
  const words = stem.split('-');
  if (words.includes('') || !/^[\w:.\\@-]+$/.test(stem)) return undefined;
  return words.map((_, count) => `/${words.slice(0, count + 1).join('-')}.slice`).join('');
}

/** As systemd-escape(1) does it, but for what may stand in a name as it is. */
function escaped(text: string): string {
  const bytes = [...bytesOf(text)].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[\w:.\\@-]/.test(letter) ? letter : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return bytes.join('');
}
