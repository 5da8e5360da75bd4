// A bundle in the rig: a root filesystem and a config.json that tests change.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, IdMapping, Linux, Mount, Process } from '../../src/spec/types.js';
import type { Identity, IdRange } from './identity.js';

/** The default config.json, in which these parts are always there. */
export type BundleConfig = Config & {
  process: Process;
  mounts: Mount[];
  linux: Linux & { namespaces: NonNullable<Linux['namespaces']> };
};

/** A directory with `config.json` and `rootfs/`. */
export class Bundle {
  constructor(
    readonly path: string,
    private readonly owner: Identity,
  ) {}

  /** The root filesystem. */
  get rootfs(): string {
    return join(this.path, 'rootfs');
  }

  get configPath(): string {
    return join(this.path, 'config.json');
  }

  /** config.json as it is now. */
  get config(): BundleConfig {
    return JSON.parse(readFileSync(this.configPath, 'utf8')) as BundleConfig;
  }

  /** Changes config.json: `change` gets the parsed file and edits it in place. */
  edit(change: (config: BundleConfig) => void): this {
    const config = this.config;
    change(config);
    return this.write(JSON.stringify(config, null, 2));
  }

  /** Replaces config.json by any text, also an invalid one. */
  write(text: string): this {
    writeFileSync(this.configPath, text);
    return this;
  }

  /** What the container runs; a single string is a shell script. */
  runs(args: string | readonly string[]): this {
    return this.edit((config) => {
      config.process.args = typeof args === 'string' ? ['/bin/sh', '-c', args] : [...args];
    });
  }

  /** Gives `path` below the bundle, with all below it, to the bundle's owner. */
  give(path: string): this {
    const { uid, gid } = this.owner;
    if (uid !== process.getuid?.()) {
      execFileSync('chown', ['-hR', `${uid}:${gid}`, join(this.path, path)]);
    }
    return this;
  }

  /** Maps the user's own ids to 0 and its ranges of subordinate ids to those from 1. */
  useIdRanges(): this {
    const { uid, gid, subuid, subgid } = this.owner;
    return this.edit((config) => {
      config.linux.uidMappings = mappings(uid, subuid);
      config.linux.gidMappings = mappings(gid, subgid);
    });
  }
}

function mappings(own: number, range: IdRange | undefined): IdMapping[] {
  const first = { containerID: 0, hostID: own, size: 1 };
  if (range === undefined) return [first];
  return [first, { containerID: 1, hostID: range.first, size: range.count }];
}
