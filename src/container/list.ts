// `list`: the state of every container, by id; for `--quiet` the ids alone.

import { render } from '../failure.js';
import { log } from '../log.js';
import type { Context } from './context.js';
import { type ContainerState, stateOf } from './state.js';
import { asContainer, type Container, halfMade, isHalfMade } from './status.js';
import { listIds, readStored } from './store.js';

/** The containers of a root. One that is removed meanwhile is left out, one half made is reported. */
export function list(context: Context): readonly ContainerState[] {
  return listIds(context.root).flatMap((id) => {
    const container = containerOf(context, id);
    return container === null ? [] : [stateOf(container)];
  });
}

/** The ids of the same, without asking the kernel how each is. */
export function ids(context: Context): readonly string[] {
  return listIds(context.root).filter((id) => containerOf(context, id) !== null);
}

function containerOf({ root }: Context, id: string): Container | null {
  const stored = readStored(root, id);
  if (stored === null) return null;
  if (!isHalfMade(stored)) return asContainer(stored);
  log('warning', render(halfMade(stored)));
  return null;
}
