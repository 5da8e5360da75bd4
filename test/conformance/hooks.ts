// Hooks in the rows: each tells in files, in a folder that the container sees as /mnt, that it ran
// and what it saw.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookStage, State } from '../../src/spec/types.js';
import { all, ofConfig } from './changes.js';
import { bind } from './mounts.js';
import type { Change, Subject } from './subject.js';

export const stages: readonly HookStage[] = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
];

type Hook = Readonly<Record<string, unknown>>;

/** What hooks left in the folder. */
export class Trace {
  readonly folder: string;

  constructor(subject: Subject) {
    this.folder = subject.rig.directory('trace', 0o777);
  }

  /** Names in the order in which they were written. */
  order(): string[] {
    return this.read('order').split('\n').filter(Boolean);
  }

  /** What a hook wrote of itself: `state`, `uts`, `env`, `fds`. */
  read(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** The state that a hook got on its standard input. */
  state(stage: HookStage): State {
    return JSON.parse(this.read(`${stage}-state`));
  }

  /** A hook that tells of itself, and then does `more`. */
  hook(stage: HookStage, more = 'true'): Hook {
    const folder = stage === 'startContainer' ? '/mnt' : this.folder;
    const script =
      `cd ${folder}; cat >${stage}-state; echo ${stage} >>order; ` +
      `readlink /proc/self/ns/uts >${stage}-uts; env >${stage}-env; ls /proc/self/fd >${stage}-fds; ${more}`;
    return {
      path: '/bin/sh',
      args: ['sh', '-c', script],
      env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', `STAGE=${stage}`],
    };
  }

  /** A configuration with these hooks, whose program tells of itself too. */
  change(hooks: Partial<Record<HookStage, readonly Hook[]>>): Change {
    const args = ['/bin/sh', '-c', 'echo program >>/mnt/order; echo it ran'];
    return all(ofConfig({ hooks }), bind('/mnt', this.folder), ({ process }) => {
      process.args = args;
    });
  }

  /** One such hook in each stage. */
  all(): Change {
    return this.change(Object.fromEntries(stages.map((stage) => [stage, [this.hook(stage)]])));
  }
}
