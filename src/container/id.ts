// The grammar of container ids. They become directory names, so nothing else gets past here.

import { fail } from '../failure.js';

const GRAMMAR = /^[A-Za-z0-9_+-][A-Za-z0-9_+.-]*$/;
/** NAME_MAX: the id is a file name, here and in a cgroup. */
const LONGEST = 255;

/** Throws a `Failed` unless `id` can name a container. */
export function checkId(id: string): void {
  if (GRAMMAR.test(id) && id.length <= LONGEST) return;
  const cause = id.length > LONGEST ? `longer than ${LONGEST} characters` : 'invalid id format';
  fail({
    doing: `container id ${JSON.stringify(id.slice(0, 300))}`,
    cause,
    remedy: 'use letters, digits, _ + - and, not first, the full stop',
  });
}

/** Whether a directory entry can be a container's. */
export function isId(name: string): boolean {
  return GRAMMAR.test(name) && name.length <= LONGEST;
}
