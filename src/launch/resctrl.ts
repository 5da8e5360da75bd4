// Groups of resctrl, through their files (the kernel's resctrl.rst).

import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { fail } from '../failure.js';
import { codeOf } from '../host/system-failure.js';
import type { RuntimeStep } from '../plan/steps.js';

type JoinResctrl = Extract<RuntimeStep, { step: 'join-resctrl' }>;

/**
 * Puts process `pid` into the group, which is made if the step says so. `makes` is told before of
 * each directory that is made. Throws `Failed` or the system error.
 */
export function joinResctrl(
  step: JoinResctrl,
  pid: number,
  makes: (path: string) => void = () => {},
): void {
  const { path, base, schemata, monitor } = step;
  const made = prepare(step, makes);
  if (made) setSchemata(path, base);
  else checkSchemata(path, base);
  setSchemata(path, schemata);
  // The group that monitors takes only what is in its class of service.
  fs.appendFileSync(`${path}/tasks`, String(pid));
  if (monitor === '') return;
  if (!fs.existsSync(monitor)) {
    makes(monitor);
    fs.mkdirSync(monitor);
  }
  fs.appendFileSync(`${monitor}/tasks`, String(pid));
}

/** Removes directories that were made, the last one first; one that has processes stays. */
export function removeResctrl(paths: readonly string[] = []): void {
  for (const path of paths.toReversed()) {
    try {
      if (fs.readFileSync(`${path}/tasks`, 'latin1').trim() === '') fs.rmdirSync(path);
    } catch (error) {
      if (!['ENOENT', 'ENODEV', 'EBUSY', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}

/** Whether the group was made. */
function prepare({ path, make }: JoinResctrl, makes: (path: string) => void): boolean {
  if (fs.existsSync(path)) return false;
  if (!make) {
    fail({
      doing: 'join a class of service',
      path,
      cause: 'there is no such group',
      remedy: 'make it first, or say by a schema what it is to be',
    });
  }
  makes(path);
  fs.mkdirSync(path);
  return true;
}

/** The class of service among the directories that were made for a container; the others monitor. */
export function classAmong(made: readonly string[] = []): string | undefined {
  return made.find((path) => basename(dirname(path)) !== 'mon_groups');
}

/**
 * In one write(2): the kernel applies all lines or says what is wrong. Throws `Failed` or the system
 * error.
 */
export function setSchemata(path: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  try {
    fs.appendFileSync(`${path}/schemata`, `${lines.join('\n')}\n`);
  } catch (error) {
    const why = lastStatus(path);
    if (codeOf(error) !== 'EINVAL' || why === '') throw error;
    fail({
      doing: 'set the schemata',
      path: `${path}/schemata`,
      syscall: 'write',
      errno: 'EINVAL',
      cause: why,
      remedy: 'see info/*/cbm_mask and info/MB for what this processor takes',
    });
  }
}

/** What the kernel said of the last command. */
function lastStatus(path: string): string {
  try {
    return fs.readFileSync(`${dirname(path)}/info/last_cmd_status`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** A group that others use is not changed: what is asked for must be what it has. */
function checkSchemata(path: string, wanted: readonly string[]): void {
  if (wanted.length === 0) return;
  const has = new Map(fs.readFileSync(`${path}/schemata`, 'utf8').split('\n').flatMap(sharesOf));
  for (const [share, value] of wanted.flatMap(sharesOf)) {
    const other = has.get(share);
    if (other === value) continue;
    fail({
      doing: 'join a class of service',
      path,
      cause: `its schemata does not match: ${share} is ${other ?? 'not there'}, not ${value}`,
      remedy: 'choose another linux.intelRdt.closID, or ask for what the group has',
    });
  }
}

/** `L3:0=7f0;1=1f` as `L3:0` → `7f0` and `L3:1` → `1f`; the kernel fills up with spaces and zeros. */
function sharesOf(line: string): [share: string, value: string][] {
  const [resource = '', shares = ''] = line.trim().split(':');
  if (shares === '') return [];
  return shares.split(';').map((share) => {
    const [domain = '', value = ''] = share.split('=').map((part) => part.trim());
    return [`${resource}:${domain}`, value.toLowerCase().replace(/^0+(?=.)/, '')];
  });
}
