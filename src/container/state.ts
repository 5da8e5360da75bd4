// `state`: what is known of a container, as runtime.md#state and runc write it.

import type { State, Status } from '../spec/state.js';
import type { Context } from './context.js';
import { asContainer, type Container, statusOf } from './status.js';
import { load } from './store.js';

/** The state object; `pid` is 0 when there is no process. */
export interface ContainerState {
  readonly ociVersion: string;
  readonly id: string;
  readonly pid: number;
  readonly status: Status;
  readonly bundle: string;
  readonly rootfs: string;
  readonly created: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner: string;
}

/** The state of a container. Throws `container "ID" does not exist`. */
export function state(context: Context, id: string): ContainerState {
  return stateOf(asContainer(load(context.root, id)));
}

/** What the specification has of it. */
export function specified({ rootfs: _, created: __, owner: ___, ...state }: ContainerState): State {
  return state;
}

/** The state object of a container that was read. */
export function stateOf(container: Container): ContainerState {
  const { ociVersion, id, bundle, rootfs, created, annotations, owner } = container.record;
  const status = statusOf(container);
  return {
    ociVersion,
    id,
    pid: status === 'stopped' ? 0 : (container.process?.pid ?? 0),
    status,
    bundle,
    rootfs,
    created,
    ...(annotations === undefined ? {} : { annotations }),
    owner,
  };
}
