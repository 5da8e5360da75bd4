// What a comparison came to.

import { type Account, difference } from './account.js';

export interface Finding {
  readonly verdict: 'same' | 'differs' | 'alone' | 'failed' | 'untested';
  readonly why?: string;
  readonly codes?: readonly number[];
  readonly error?: unknown;
}

/** What was done with a peer. */
export interface Beside {
  readonly theirs: Account;
  readonly peer: string;
  /** Why the peer does otherwise. */
  readonly known?: string | undefined;
  /** It need not. */
  readonly maySame?: boolean;
}

/** The finding about `ours`, beside a peer's if there is one. */
export function verdict(ours: Account, beside?: Beside): Finding {
  const codes = ours.steps.map(({ status }) => status);
  if (ours.error !== undefined) return failed(ours.error);
  if (beside === undefined) return { verdict: 'alone', codes };
  const { theirs, peer, known, maySame = false } = beside;
  const found = difference(ours, theirs, peer);
  if (found === undefined) {
    if (known === undefined || maySame) return { verdict: 'same', codes };
    return failed(new Error(`${peer} does the same now: take out "${known}"`));
  }
  if (known !== undefined) return { verdict: 'differs', why: known, codes };
  return failed(new Error(found));
}

function failed(error: unknown): Finding {
  const why = String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
  return { verdict: 'failed', why, error };
}
