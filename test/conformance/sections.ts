// The table, in the order of the specification.

import type { Section } from './row.js';
import { cgroupRows } from './rows/cgroups.js';
import { deviceRows } from './rows/devices.js';
import { documentRows } from './rows/document.js';
import { featureRows } from './rows/features.js';
import { hookRows } from './rows/hooks.js';
import { kernelRows } from './rows/kernel.js';
import { lifecycleRows } from './rows/lifecycle.js';
import { mountOptionRows } from './rows/mount-options.js';
import { mountRows } from './rows/mounts.js';
import { namespaceRows } from './rows/namespaces.js';
import { processRows } from './rows/process.js';
import { schedulingRows } from './rows/scheduling.js';
import { seccompRows } from './rows/seccomp.js';
import { userRows } from './rows/user.js';

export const sections = {
  document: { title: 'Configuration and root', rows: documentRows },
  process: { title: 'Process', rows: [...processRows, ...userRows, ...schedulingRows] },
  mounts: { title: 'Mounts', rows: [...mountRows, ...mountOptionRows] },
  namespaces: { title: 'Namespaces and ids', rows: namespaceRows },
  devices: { title: 'Devices, masking, kernel', rows: [...deviceRows, ...kernelRows] },
  cgroups: { title: 'Cgroups and resources', uses: 'cgroups', rows: cgroupRows },
  seccomp: { title: 'Seccomp', rows: seccompRows },
  lifecycle: { title: 'Lifecycle', rows: lifecycleRows },
  hooks: { title: 'Hooks', rows: hookRows },
  features: { title: 'The features document', rows: featureRows },
} satisfies Record<string, Section>;

export type SectionKey = keyof typeof sections;
