// The options that stand before the command.

import type { Flags } from '../verb.js';

export const globalFlags = {
  root: {
    type: 'directory',
    value: 'DIR',
    description:
      'where the state of containers is kept (default: $XDG_RUNTIME_DIR/sampan, else /tmp/sampan-UID; for root /run/sampan)',
  },
  log: {
    type: 'file',
    value: 'FILE',
    description: 'append log records to FILE (default: stderr); file:FILE is the same',
  },
  'log-format': {
    type: 'text',
    value: 'FORMAT',
    choices: ['text', 'json'],
    default: 'text',
    description: 'form of the log records',
  },
  'log-level': {
    type: 'text',
    value: 'LEVEL',
    choices: ['debug', 'info', 'warning', 'error'],
    description: 'least level that is logged (default: info)',
  },
  debug: { type: 'switch', description: 'log at level debug, and show where a bug was met' },
  'systemd-cgroup': {
    type: 'switch',
    description: 'let systemd make the cgroup; cgroupsPath is then slice:prefix:name',
  },
  'cgroup-manager': {
    type: 'text',
    value: 'MANAGER',
    choices: ['cgroupfs', 'systemd', 'disabled'],
    description: 'who makes the cgroup (default: cgroupfs)',
  },
  rootless: {
    type: 'text',
    value: 'VALUE',
    choices: ['true', 'false', 'auto'],
    default: 'auto',
    hidden: true,
    description: 'accepted for runc; whether the caller is root is found out',
  },
  criu: { type: 'file', value: 'PATH', hidden: true, description: 'accepted for older runc' },
  version: { type: 'switch', alias: 'v', description: 'print the version' },
  help: { type: 'switch', alias: 'h', description: 'print this help' },
  V: { type: 'switch', alias: 'V', hidden: true, description: '--version of crun' },
  usage: { type: 'switch', alias: '?', hidden: true, description: '--help of crun' },
} as const satisfies Flags;

/** The options that every command has as well. */
export const helpFlags = { help: globalFlags.help, usage: globalFlags.usage } as const;
