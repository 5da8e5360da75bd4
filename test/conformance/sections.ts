// The table, in the order of the specification.

import type { Section } from './row.js';
import { documentRows } from './rows/document.js';
import { processRows } from './rows/process.js';
import { schedulingRows } from './rows/scheduling.js';
import { userRows } from './rows/user.js';

export const sections = {
  document: { title: 'Configuration and root', rows: documentRows },
  process: { title: 'Process', rows: [...processRows, ...userRows, ...schedulingRows] },
} satisfies Record<string, Section>;

export type SectionKey = keyof typeof sections;
