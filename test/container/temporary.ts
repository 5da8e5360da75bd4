// A directory for one test file, and a record to put there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { ContainerRecord } from '../../src/container/record.js';
import { claim, reserve } from '../../src/container/store.js';
import { statProcess } from '../../src/host/process.js';

/** A directory that is removed after the tests of the file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'sampan-unit-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** This process, as an identity. */
export function self() {
  const stat = statProcess(process.pid);
  if (stat === null) throw new Error('/proc does not show this process');
  return { pid: stat.pid, startTime: stat.startTime };
}

/** A record of a container of this process. */
export function recordFor(id: string, more: Partial<ContainerRecord> = {}): ContainerRecord {
  return {
    ociVersion: '1.3.0',
    id,
    bundle: '/b',
    rootfs: '/b/rootfs',
    created: '2026-01-01T00:00:00.000Z',
    owner: 'root',
    namespaces: 0x20000000,
    creator: self(),
    ...more,
  };
}

/** The state directory of a container, made. */
export function reserveFor(root: string, record: ContainerRecord): string {
  const path = reserve(root, record.id);
  claim(path, record);
  return path;
}
