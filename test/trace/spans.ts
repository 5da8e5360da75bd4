// Spans for the tests of what is made of them.

import type { Span } from '../../src/trace/span.js';

/** A phase of `sampan`, or what `change` makes of it. */
export function span(name: string, begin: number, end: number, change: Partial<Span> = {}): Span {
  return { actor: 'sampan', kind: 'phase', name, begin, end, args: {}, ...change };
}
