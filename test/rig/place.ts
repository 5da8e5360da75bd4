// The disposable half of the rig: a directory, an identity, and commands run there.

import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa, execaSync } from 'execa';
import { type DelegatedCgroup, delegateCgroup, pureCgroup2 } from './cgroup2.js';
import { launch, type Ran, type Running, type RunOptions } from './execute.js';
import { amRoot, type Identity } from './identity.js';
import { findLeftovers, type Leftover, uptime } from './leftovers.js';
import { enterRoot } from './other-root.js';
import { program } from './program.js';
import { after, seeing } from './seeing.js';
import { removeLeftovers } from './sweep.js';
import { type Size, Terminal } from './terminal.js';

/** What a place is to look like. */
export interface PlaceOptions {
  /** Every command sees a pure cgroup2 (root only). */
  readonly cgroup2?: boolean;
  /** As `cgroup2`, and commands run in a cgroup that belongs to the identity. */
  readonly delegated?: boolean;
  /** Commands run in this root filesystem, with the machine's /proc, /sys, /dev and /tmp (root only). */
  readonly root?: string | undefined;
  /** System calls that no command has, as on an older kernel: see programs/older-kernel.cc. */
  readonly without?: readonly string[];
  /** What a shell of root does in a mount namespace of its own before each command. */
  readonly prepared?: string;
  /** Files of the machine that commands see with another text, by path (root only). */
  readonly files?: Readonly<Record<string, string>>;
  /** Words between the identity and every command: `unshare`, `-r`. */
  readonly under?: readonly string[];
}

/** Everything made through it bears its token in a path or an id. */
export class Place {
  readonly dir: string;
  readonly token: string;
  /** XDG_RUNTIME_DIR of the commands. */
  readonly runtimeDirectory: string;
  /** What `--root` names. */
  readonly stateDirectory: string;
  /** Each command with its outcome, for a failing test's message. */
  readonly history: string[] = [];
  /** The cgroup that commands run in, with `delegated`. */
  readonly cgroup: DelegatedCgroup | undefined;
  private readonly since = uptime();
  private readonly terminals: Terminal[] = [];
  private readonly running: Promise<unknown>[] = [];
  private count = 0;

  constructor(
    readonly identity: Identity,
    private readonly options: PlaceOptions = {},
  ) {
    this.dir = mkdtempSync('/tmp/sampan-rig-');
    this.token = basename(this.dir);
    // Memory is many times faster than some disks. The token as the source shows in the mountinfo
    // of a process that has its root below.
    if (amRoot) execaSync('mount', ['-t', 'tmpfs', this.token, this.dir]);
    chmodSync(this.dir, 0o755);
    chownSync(this.dir, identity.uid, identity.gid);
    this.stateDirectory = join(this.dir, 'state');
    this.runtimeDirectory = this.directory('xdg', 0o700);
    if (options.delegated) this.cgroup = delegateCgroup(identity);
  }

  /** A directory that belongs to the identity. */
  directory(name: string, mode = 0o755): string {
    const path = join(this.dir, name);
    mkdirSync(path, { mode });
    chownSync(path, this.identity.uid, this.identity.gid);
    return path;
  }

  /** A number that has not been given out here. */
  protected next(): number {
    this.count += 1;
    return this.count;
  }

  /** Any program as the identity; also one that is killed has a status. */
  execute(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.launch(argv, options).ended;
  }

  /** The same without waiting for its end. */
  launch(argv: readonly string[], options: RunOptions = {}): Running {
    const line = [...this.prefix(), ...argv];
    const running = launch(line, this.dir, this.environment(), this.identity, options);
    const ended = running.ended.then((ran) => {
      this.history.push(`$ ${argv.join(' ')}\n[${ran.status}] ${ran.stderr}${ran.stdout}`);
      return ran;
    });
    this.running.push(ended);
    return { ...running, ended };
  }

  /** Any program as the identity in a real terminal, which is closed before leftovers are counted. */
  async openTerminal(argv: readonly string[], size?: Size): Promise<Terminal> {
    const socket = join(this.dir, `tmux-${this.next()}`);
    const line = [...this.prefix(), ...argv];
    const terminal = await Terminal.open(socket, line, this.environment(), size);
    this.terminals.push(terminal);
    return terminal;
  }

  /** The words that make a command run as the identity, in the view of cgroups that was asked for. */
  prefix(): string[] {
    const { cgroup2, delegated, root } = this.options;
    return [
      ...(cgroup2 || delegated ? pureCgroup2 : []),
      ...(this.cgroup?.prefix ?? []),
      ...(root ? enterRoot(root) : []),
      ...this.olderKernel(),
      ...(this.options.prepared ? after(this.options.prepared) : []),
      ...(this.options.files ? seeing(this.dir, this.options.files) : []),
      ...this.identity.prefix,
      ...(this.options.under ?? []),
    ];
  }

  private olderKernel(): string[] {
    const { without = [] } = this.options;
    return without.length === 0 ? [] : [program('older-kernel'), without.join(',')];
  }

  /** All of the environment that a command gets. */
  environment(): Record<string, string> {
    return {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: this.identity.home,
      XDG_RUNTIME_DIR: this.runtimeDirectory,
      TERM: 'xterm',
      SAMPAN_RIG: this.token,
    };
  }

  /** What bears the token: processes, mounts, cgroups, files of containers' state. */
  leftovers(): Leftover[] {
    const found = findLeftovers(this.token, this.stateDirectory, this.since);
    return found.filter(({ kind, what }) => kind !== 'mount' || what !== this.dir);
  }

  /** Closes what the test has opened; then only what containers left is left. */
  async close(): Promise<void> {
    await Promise.all(this.terminals.splice(0).map((terminal) => terminal.close()));
  }

  /** Ends and removes all that bears the token. */
  async dispose(): Promise<void> {
    if (!existsSync(this.dir)) return;
    await this.close();
    await removeLeftovers(this.leftovers());
    await Promise.allSettled(this.running);
    try {
      this.cgroup?.remove();
    } finally {
      if (amRoot) await execa('umount', ['-l', this.dir]);
      await execa('rm', ['-rf', '--one-file-system', this.dir]);
    }
  }
}
