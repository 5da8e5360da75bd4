// The system call filter (config-linux.md#seccomp, seccomp_rule_add(3)).

import type { Seccomp, SeccompAction, SeccompRule } from '../config/seccomp.js';
import { below, type Problems } from '../problem.js';
import { each, isAbsolute, type Rule } from './rule.js';

const POINTER = '/linux/seccomp';

/** The default action agrees with its errno. */
export const seccompDefault: Rule = {
  reads: [`${POINTER}/defaultAction`, `${POINTER}/defaultErrnoRet`],
  check({ linux }, to) {
    if (linux?.seccomp === undefined) return;
    const { defaultAction: action, defaultErrnoRet } = linux.seccomp;
    errnoRet(defaultErrnoRet, action, `${POINTER}/defaultErrnoRet`, to);
  },
};

/** Architectures and flags are listed once. */
export const seccompLists: Rule = {
  reads: [`${POINTER}/architectures/*`, `${POINTER}/flags/*`],
  check({ linux }, to) {
    repeated(linux?.seccomp?.architectures, `${POINTER}/architectures`, to);
    repeated(linux?.seccomp?.flags, `${POINTER}/flags`, to);
  },
};

/** Every rule has a name and an action that agrees with its parameters. */
export const seccompRules: Rule = {
  reads: [`${POINTER}/syscalls/*`],
  check({ linux }, to) {
    const rules = linux?.seccomp?.syscalls;
    each(rules, (rule, i) => syscallRule(rule, below(POINTER, 'syscalls', i), to));
  },
};

/** There is a listener exactly where one is needed. */
export const seccompListener: Rule = {
  reads: [
    `${POINTER}/listenerPath`,
    `${POINTER}/listenerMetadata`,
    `${POINTER}/defaultAction`,
    `${POINTER}/syscalls/*`,
  ],
  check({ linux }, to) {
    if (linux?.seccomp !== undefined) listener(linux.seccomp, to);
  },
};

/** The kernel cuts errno to 4095 (seccomp(2)); SCMP_ACT_TRACE's message has 16 bits. */
function errnoRet(
  value: number | undefined,
  action: SeccompAction,
  pointer: string,
  to: Problems,
): void {
  if (value === undefined) return;
  const max = { SCMP_ACT_ERRNO: 4095, SCMP_ACT_TRACE: 65535 }[action as string];
  if (max === undefined) {
    to.error(pointer, `${action} returns no errno, only SCMP_ACT_ERRNO and SCMP_ACT_TRACE do`);
  } else if (value > max) {
    to.error(pointer, `must be an integer from 0 to ${max}, not ${value}`);
  }
}

function listener(profile: Seccomp, to: Problems): void {
  const { listenerPath: path, listenerMetadata, defaultAction, syscalls } = profile;
  if (path && !isAbsolute(path)) {
    to.error(`${POINTER}/listenerPath`, `must be an absolute path, not "${path}"`);
  }
  if (path) return;
  if (listenerMetadata) to.error(`${POINTER}/listenerMetadata`, 'needs listenerPath');
  const notify = 'SCMP_ACT_NOTIFY';
  if (defaultAction === notify || syscalls?.some((rule) => rule?.action === notify)) {
    to.error(`${POINTER}/listenerPath`, 'required for SCMP_ACT_NOTIFY: who is to be asked');
  }
}

function syscallRule(rule: SeccompRule, pointer: string, to: Problems): void {
  if (rule.names.length === 0) to.error(`${pointer}/names`, 'must have at least one name');
  each(rule.names, (name, i) => {
    if (name === '') to.error(below(pointer, 'names', i), 'must not be empty');
  });
  errnoRet(rule.errnoRet, rule.action, `${pointer}/errnoRet`, to);
  each(rule.args, (arg, i) => {
    if (!arg.valueTwo || arg.op === 'SCMP_CMP_MASKED_EQ') return;
    const at = below(pointer, 'args', i, 'valueTwo');
    to.warning(at, `ignored, as only SCMP_CMP_MASKED_EQ has a second value, not ${arg.op}`);
  });
}

function repeated(list: readonly string[] | undefined, pointer: string, to: Problems): void {
  each(list, (name, i) => {
    if (list?.indexOf(name) !== i) to.warning(below(pointer, i), `${name} is already listed`);
  });
}
