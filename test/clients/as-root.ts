// Promises of callers that run as root alone.

import { type Caller, compared, type Promises } from './compare.js';

/** As `compared`, but for root. */
export function asRoot<C>(
  caller: Caller<C>,
  title: string,
  declare: (promise: Promises<C>) => void,
): void {
  compared(caller, title, (promise) => {
    declare((name, body, options = {}) => promise(name, body, { ...options, ways: ['root'] }));
  });
}
