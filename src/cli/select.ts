// Containers chosen by a regular expression, as crun's `--regex` does.

import type { Context } from '../container/context.js';
import { fail } from '../failure.js';

/** Ids of the containers that `pattern` matches anywhere in the name. */
export async function matchingIds(context: Context, pattern: string): Promise<readonly string[]> {
  const { ids } = await import('../container/list.js');
  const expression = compile(pattern);
  return ids(context).filter((id) => expression.test(id));
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    return fail({
      doing: '--regex',
      path: JSON.stringify(pattern),
      cause: `not a regular expression: ${(error as Error).message.replace(/^Invalid.*: /, '')}`,
    });
  }
}
