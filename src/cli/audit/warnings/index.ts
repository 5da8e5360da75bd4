// All warnings, the severe ones first.

import type { View } from '../view.js';
import { capabilityWarnings } from './capabilities.js';
import { deviceWarnings } from './devices.js';
import { kernelWarnings } from './kernel.js';
import { mountWarnings } from './mounts.js';
import { namespaceWarnings } from './namespaces.js';
import { processWarnings } from './process.js';
import type { Warning } from './warning.js';

/** What a view gives reason to warn of. */
export function warningsOf(view: View): Warning[] {
  const all = [
    ...capabilityWarnings(view),
    ...namespaceWarnings(view),
    ...kernelWarnings(view),
    ...mountWarnings(view),
    ...deviceWarnings(view),
    ...processWarnings(view),
  ];
  return [...all.filter(isSevere), ...all.filter((warning) => !isSevere(warning))];
}

/** Whether it is a way out by itself. */
export function isSevere({ severity }: Warning): boolean {
  return severity === 'severe';
}
