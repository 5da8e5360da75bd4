// `sampan audit` of a container that sleeps.

import type { Grant } from '../../src/cli/audit/grants.js';
import type { AllowedCalls } from '../../src/cli/audit/seccomp.js';
import type { Warning } from '../../src/cli/audit/warnings/warning.js';
import type { Bundle } from './bundle.js';
import { detached } from './inside.js';
import type { Rig } from './rig.js';

/** What `audit --format json` prints. */
export interface AuditDocument {
  readonly id: string;
  readonly pid: number;
  readonly grants: readonly Grant[];
  readonly warnings: readonly Warning[];
  readonly severe: boolean;
  readonly systemCalls: AllowedCalls | null;
}

/** The document of a container of this bundle, and the status of `audit --strict`. */
export async function audit(
  rig: Rig,
  bundle: Bundle,
  script?: string,
  meanwhile: (id: string) => Promise<unknown> = async () => {},
) {
  const container = await detached(rig, bundle, script);
  try {
    await meanwhile(container.id);
    const line = ['audit', '--strict', '--format', 'json', container.id];
    const { status, stdout, stderr } = await rig.command(line);
    if (stderr !== '') throw new Error(`audit: ${stderr}`);
    const document: AuditDocument = JSON.parse(stdout);
    return { ...document, status, table: await tableOf(rig, container.id) };
  } finally {
    await container.remove();
  }
}

async function tableOf(rig: Rig, id: string): Promise<string> {
  return (await rig.command(['audit', id])).stdout;
}
