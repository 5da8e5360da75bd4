// What is written down about a container: state.json, once, when its id is reserved.

import type { ProcessIdentity } from '../host/process.js';
import type { Made } from '../launch/ports.js';
import type { LaterHooks } from '../plan/hooks.js';
import type { Listener } from '../plan/steps.js';
import { parseIdentity, writeIdentity } from './identity.js';

/** The contents of state.json. */
export interface ContainerRecord extends Made {
  readonly ociVersion: string;
  readonly id: string;
  /** Absolute paths. */
  readonly bundle: string;
  readonly rootfs: string;
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Login name, or the number where there is none. */
  readonly owner: string;
  /** Absolute path of the container's own cgroup of version 2. */
  readonly cgroup?: string;
  /** CLONE_NEW* of the namespaces that were made for it; those joined by path are not among them. */
  readonly namespaces: number;
  /** Whether config.json says nothing to run: there is no `start`. */
  readonly withoutProcess?: true;
  /** What is to run when the program does, and when the container is gone. */
  readonly hooks?: LaterHooks;
  /** Who is to get the listener of a filter that is loaded at `start`. */
  readonly listener?: Listener;
  /** `--no-new-keyring`: processes of `exec` get none either. */
  readonly noNewKeyring?: boolean;
  /** The process that makes the container, while it does. */
  readonly creator: ProcessIdentity;
}

/** The text of state.json. */
export function writeRecord(record: ContainerRecord): string {
  return `${JSON.stringify({ ...record, creator: writeIdentity(record.creator) })}\n`;
}

/** Reads state.json back; null for what this program did not write. */
export function parseRecord(text: string): ContainerRecord | null {
  const value = parseJson(text);
  if (!isObject(value)) return null;
  const creator = typeof value.creator === 'string' ? parseIdentity(value.creator) : null;
  const texts = ['ociVersion', 'id', 'bundle', 'rootfs', 'created', 'owner'];
  if (creator === null || !texts.every((name) => typeof value[name] === 'string')) return null;
  if (!isUsable(value)) return null;
  return { ...value, creator } as unknown as ContainerRecord;
}

/** What is read without another look is of its type. */
function isUsable(value: Record<string, unknown>): boolean {
  const { namespaces, annotations, cgroup, cgroupParents, resctrl, unit, hooks, listener } = value;
  return (
    Number.isInteger(namespaces) &&
    [cgroup, cgroupParents].every((path) => path === undefined || typeof path === 'string') &&
    (annotations === undefined || (isObject(annotations) && isTexts(Object.values(annotations)))) &&
    (resctrl === undefined || isTexts(resctrl)) &&
    (unit === undefined || isUnit(unit)) &&
    (listener === undefined || isListener(listener)) &&
    (hooks === undefined ||
      (isObject(hooks) && isHooks(hooks.poststart) && isHooks(hooks.poststop)))
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isUnit(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { unit, manager, uid } = value;
  return (
    typeof unit === 'string' &&
    (manager === 'system' || manager === 'user') &&
    Number.isInteger(uid)
  );
}

function isListener(value: unknown): boolean {
  return isObject(value) && typeof value.path === 'string' && isTexts(value.message);
}

function isHooks(value: unknown): boolean {
  return Array.isArray(value) && value.every(isHook);
}

function isHook(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, directory, pointer, timeout } = value;
  return (
    isTexts([path, directory, pointer]) &&
    LISTS.every((name) => isTexts(value[name])) &&
    Number.isInteger(timeout)
  );
}

/** Lists of texts in a hook. */
const LISTS = ['arguments', 'environment', 'state'] as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
