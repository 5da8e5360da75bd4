// The process object of `exec`: the container's own, or that of --process, with what the command
// line says on top.

import { type Failure, fail, render } from '../failure.js';
import { log } from '../log.js';
import { didYouMean, nearest } from '../spec/nearest.js';
import type { Problem } from '../spec/problem.js';
import { quickProcess } from '../spec/quick.js';
import { CAPABILITY_NAMES } from '../spec/rules/capabilities.js';
import type { Process } from '../spec/types.js';
import type { ExecOptions } from './exec.js';

/** Rejects with `Failed` when the document is wrong or there is nothing to run. */
export async function execProcess(
  base: Process | undefined,
  options: ExecOptions,
): Promise<Process> {
  const given = options.process === undefined ? undefined : await checked(options.process);
  const start = given ?? fromContainer(base);
  const { args = start.args, cwd = start.cwd, tty } = options;
  if (args.length === 0) fail({ doing: 'exec', cause: 'no program to run', remedy: 'name one' });
  if (!cwd.startsWith('/'))
    fail({ doing: 'exec: --cwd', cause: `"${cwd}" is not an absolute path` });
  checkEnvironment(options.env);
  return {
    ...start,
    args: [...args],
    cwd,
    terminal: tty ?? start.terminal ?? false,
    env: [...(start.env ?? []), ...(options.env ?? [])],
    user: userOf(start.user, options),
    ...capabilitiesOf(start, options.caps),
    ...securityOf(options),
  };
}

async function checked(document: unknown): Promise<Process> {
  const result = await quickProcess(JSON.stringify(document));
  if (!result.ok) return fail(about(result.problems.find((p) => p.severity === 'error')));
  for (const warning of result.warnings) log('warning', render(about(warning)));
  return result.process;
}

function about({ pointer = '', message = '' }: Partial<Problem> = {}): Failure {
  return { doing: 'check the process document', path: pointer || '/', cause: message };
}

/** What getenv(3) would not find is a slip on a command line; in a document it is a warning. */
function checkEnvironment(env: readonly string[] = []): void {
  const wrong = env.find((entry) => entry.indexOf('=') < 1);
  if (wrong === undefined) return;
  fail({ doing: 'exec: --env', cause: `"${wrong}" does not have the form NAME=value` });
}

/** A terminal is asked for by `--tty` only, whatever the container's first process has. */
function fromContainer(base: Process | undefined): Process {
  if (base === undefined)
    fail({ doing: 'exec', cause: 'the container has no process to take after' });
  const { terminal: _, consoleSize: __, ...rest } = base;
  return rest;
}

/** A uid without a gid keeps the group, as in runc. */
function userOf(
  base: Process['user'],
  { user, additionalGids = [] }: ExecOptions,
): Process['user'] {
  const ids = user === undefined ? {} : { uid: user.uid, gid: user.gid ?? base.gid };
  if (additionalGids.length === 0) return { ...base, ...ids };
  return { ...base, ...ids, additionalGids: [...(base.additionalGids ?? []), ...additionalGids] };
}

/** Never into the inheritable or ambient set (CVE-2022-29162, CVE-2022-27650). */
function capabilitiesOf(base: Process, caps: readonly string[] = []): Partial<Process> {
  if (caps.length === 0) return {};
  const { bounding = [], effective = [], permitted = [], ...others } = base.capabilities ?? {};
  const names = caps.map((name) => name.toUpperCase().replace(/^(?!CAP_)/, 'CAP_'));
  for (const name of names) warnUnknown(name);
  const add = (set: readonly string[]) => [...new Set([...set, ...names])];
  const capabilities = {
    ...others,
    bounding: add(bounding),
    effective: add(effective),
    permitted: add(permitted),
  };
  return { capabilities };
}

function warnUnknown(name: string): void {
  if (CAPABILITY_NAMES.includes(name)) return;
  const cause = `unknown capability "${name}", ignored${didYouMean(nearest(name, CAPABILITY_NAMES))}`;
  log('warning', render({ doing: 'exec: --cap', cause }));
}

function securityOf({ noNewPrivs, apparmor, processLabel }: ExecOptions): Partial<Process> {
  return {
    ...(noNewPrivs ? { noNewPrivileges: true } : {}),
    ...(apparmor === undefined ? {} : { apparmorProfile: apparmor }),
    ...(processLabel === undefined ? {} : { selinuxLabel: processLabel }),
  };
}
