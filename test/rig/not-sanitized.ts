// The tests that the build with sanitizers is left out of.

import { expect } from '@jest/globals';
import { sanitized } from './sanitizer.js';

/** By file and a part of their name, and why they cannot pass. */
const impossible: readonly (readonly [file: string, name: RegExp, reason: string])[] = [];

/** Why a test is left out, if so. */
export function whyNotSanitized(name: string): string | undefined {
  if (!sanitized) return undefined;
  const path = expect.getState().testPath ?? '';
  return impossible.find(([file, part]) => path.endsWith(`/${file}`) && part.test(name))?.[2];
}
