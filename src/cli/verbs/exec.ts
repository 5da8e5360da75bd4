// `exec ID COMMAND…`: another process in a running container.

import { type ExecOptions, exec } from '../../container/exec.js';
import { fail } from '../../failure.js';
import { containerId, descriptorFlags, processFlags } from '../flags/launch.js';
import { MAX_ID, parseUser } from '../number.js';
import { readJson } from '../read-json.js';
import { traced } from '../traced.js';
import { given, verb } from '../verb.js';

export default verb({
  name: 'exec',
  summary: 'run another process in a container',
  arguments: [
    containerId,
    {
      name: 'command',
      description: 'program and its arguments, unless --process is given',
      optional: true,
      rest: true,
    },
  ],
  passesOn: true,
  failureCode: 255,
  flags: {
    process: {
      type: 'file',
      alias: 'p',
      value: 'FILE',
      description: 'JSON file with the process object of config.json',
    },
    detach: { type: 'switch', alias: 'd', description: 'return once the process runs' },
    tty: { type: 'switch', alias: 't', anyWord: true, description: 'allocate a pseudo-terminal' },
    cwd: { type: 'text', value: 'DIR', description: 'working directory in the container' },
    env: {
      type: 'text',
      alias: 'e',
      value: 'NAME=VALUE',
      repeat: true,
      description: "add to the container's environment",
    },
    user: { type: 'text', alias: 'u', value: 'UID[:GID]', description: 'ids in the container' },
    'additional-gids': {
      type: 'number',
      alias: 'g',
      value: 'GID',
      repeat: true,
      min: 0,
      max: MAX_ID,
      description: 'a supplementary group',
    },
    cap: {
      type: 'text',
      alias: 'c',
      value: 'CAP',
      repeat: true,
      description: 'add a capability to the bounding, effective and permitted sets',
    },
    'no-new-privs': { type: 'switch', description: 'set no_new_privs' },
    apparmor: { type: 'text', value: 'PROFILE', description: 'AppArmor profile' },
    'process-label': { type: 'text', value: 'LABEL', description: 'SELinux label' },
    cgroup: {
      type: 'text',
      value: 'PATH',
      repeat: true,
      description: "an existing cgroup below the container's; / is its top",
    },
    'ignore-paused': { type: 'switch', description: 'also when the container is paused' },
    ...descriptorFlags,
    ...processFlags,
  },
  examples: [
    { command: 'exec web ps', description: 'the processes as seen from inside web' },
    { command: 'exec -t -e TERM=xterm web sh', description: 'a shell in it' },
  ],
  async run({ context, id, rest, flags }) {
    if (flags.process === undefined && rest.length === 0)
      fail({
        doing: 'exec',
        path: id,
        cause: 'no command given',
        remedy: 'name a program or --process FILE',
      });
    const options: ExecOptions = {
      id,
      detach: flags.detach,
      preserveFds: flags['preserve-fds'],
      ignorePaused: flags['ignore-paused'],
      ...given({
        process:
          flags.process === undefined ? undefined : readJson('exec: --process', flags.process),
        args: rest.length === 0 ? undefined : rest,
        pidFile: flags['pid-file'],
        consoleSocket: flags['console-socket'],
        pidfdSocket: flags['pidfd-socket'],
        tty: flags.tty || undefined,
        cwd: flags.cwd,
        env: some(flags.env),
        user: flags.user === undefined ? undefined : parseUser(flags.user),
        additionalGids: some(flags['additional-gids']),
        caps: some(flags.cap),
        apparmor: flags.apparmor,
        processLabel: flags['process-label'],
        noNewPrivs: flags['no-new-privs'] || undefined,
        cgroup: some(flags.cgroup),
      }),
    };
    return traced('exec', flags.trace, () => exec(context(), options));
  },
});

function some<T>(values: readonly T[]): T[] | undefined {
  return values.length === 0 ? undefined : [...values];
}
