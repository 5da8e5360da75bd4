// A survey in, findings out. No I/O.

import type { Finding, Line } from '../finding.js';
import type { Survey } from '../survey.js';
import { cgroupLines } from './cgroups.js';
import { idLines } from './ids.js';
import { kernelLines } from './kernel.js';
import { mountLines } from './mounts.js';
import { namespaceLines } from './namespaces.js';
import { securityLines } from './security.js';
import { placeLines, surroundingLines } from './surroundings.js';
import { systemdLines } from './systemd.js';

const GROUPS: Readonly<Record<string, (survey: Survey) => Line[]>> = {
  kernel: kernelLines,
  namespaces: namespaceLines,
  mounts: mountLines,
  ids: idLines,
  cgroups: cgroupLines,
  systemd: systemdLines,
  security: securityLines,
  surroundings: surroundingLines,
  places: placeLines,
};

/** All findings, by group. */
export function findings(survey: Survey): Finding[] {
  return Object.entries(GROUPS).flatMap(([group, lines]) =>
    lines(survey).map((line) => ({ group, ...line })),
  );
}

/** Those for which a default container cannot run. */
export function obstacles(all: readonly Finding[]): Finding[] {
  return all.filter(({ needed, verdict }) => needed && verdict === 'missing');
}

/** Whether a default container can run: it has been tried, and there is a place for its state. */
export function canRun(survey: Survey): boolean {
  const { trial, places } = survey;
  if (trial === undefined) return obstacles(findings(survey)).length === 0;
  return trial === null && places.unwritable === null;
}
