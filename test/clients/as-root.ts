// Promises of callers that run as root alone.

import { type Caller, type CaseOptions, compared, type Promises } from './compare.js';

/** As `compared`, but for root; `common` holds for each. */
export function asRoot<C>(
  caller: Caller<C>,
  title: string,
  declare: (promise: Promises<C>) => void,
  common: CaseOptions = {},
): void {
  compared(caller, title, (promise) => {
    declare((name, body, options = {}) =>
      promise(name, body, { ...common, ...options, ways: ['root'] }),
    );
  });
}
