// `list`: the state of every container, by id.

import { render } from '../failure.js';
import { log } from '../log.js';
import type { Context } from './context.js';
import { type ContainerState, stateOf } from './state.js';
import { asContainer, halfMade, isHalfMade } from './status.js';
import { listIds, readStored } from './store.js';

/** The containers of a root. One that is removed meanwhile is left out, one half made is reported. */
export function list(context: Context): readonly ContainerState[] {
  return listIds(context.root).flatMap((id) => {
    const stored = readStored(context.root, id);
    if (stored === null) return [];
    if (!isHalfMade(stored)) return [stateOf(asContainer(stored))];
    log('warning', render(halfMade(stored)));
    return [];
  });
}
