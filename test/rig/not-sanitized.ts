// The tests that the build with sanitizers is left out of.

import { expect } from '@jest/globals';
import { sanitized } from './sanitizer.js';

const alone =
  'what sampan puts into this container is its own program, which needs a C library with sanitizers';

/** By file and a part of their name, and why they cannot pass. */
const impossible: readonly (readonly [file: string, name: RegExp, reason: string])[] = [
  ['attacks/host.test.ts', /demo/, alone],
  ['command-line.test.ts', /^demo runs/, alone],
  ['no-session.test.ts', /demo/, alone],
  ['user-namespace-around.test.ts', /^sampan demo/, alone],
  ['foreground.test.ts', /^keeps no engine in memory/, 'the sanitizers take memory of their own'],
  ['check.test.ts', /./, alone],
  ['check-places.test.ts', /./, alone],
];

/** Why a test is left out, if so. */
export function whyNotSanitized(name: string): string | undefined {
  if (!sanitized) return undefined;
  const path = expect.getState().testPath ?? '';
  return impossible.find(([file, part]) => path.endsWith(`/${file}`) && part.test(name))?.[2];
}
