// The table, in the order of the specification.

import type { Section } from './row.js';
import { documentRows } from './rows/document.js';
import { mountOptionRows } from './rows/mount-options.js';
import { mountRows } from './rows/mounts.js';
import { processRows } from './rows/process.js';
import { schedulingRows } from './rows/scheduling.js';
import { userRows } from './rows/user.js';

export const sections = {
  document: { title: 'Configuration and root', rows: documentRows },
  process: { title: 'Process', rows: [...processRows, ...userRows, ...schedulingRows] },
  mounts: { title: 'Mounts', rows: [...mountRows, ...mountOptionRows] },
} satisfies Record<string, Section>;

export type SectionKey = keyof typeof sections;
