// The addon's functions, typed. System-call failures throw an Error with `syscall`, `code`, `errno`, `path`.

/** What a native call throws when the kernel refuses. */
export interface SystemError extends Error {
  /** Man-page name of the call. */
  readonly syscall: string;
  /** errno name, `EPERM`. */
  readonly code: string;
  /** Positive errno number. */
  readonly errno: number;
  /** Path or other argument, when the call had one worth naming. */
  readonly path?: string;
}

/** How to start init. */
export interface SpawnOptions {
  /** CLONE_NEW* of clone3(2); 0 for none. */
  readonly flags: number;
  /** Directory descriptor of the cgroup to be born in, or -1. */
  readonly cgroup: number;
  /** Descriptors 3 … 3+N-1 of this process that the container keeps. */
  readonly preserve: number;
  /** Descriptors for the plan's slots, in the order of `Slot` indices in the encoded plan. */
  readonly slots: readonly number[];
}

/** A started init: its pid as seen here, its pidfd, and the runtime's end of the socket. */
export interface Spawned {
  readonly pid: number;
  readonly pidfd: number;
  readonly socket: number;
}

/** One message from init, with the descriptors that came along. */
export interface Message {
  readonly bytes: Uint8Array;
  readonly fds: readonly number[];
}

/** Clocks and memory for a trace. Times are CLOCK_MONOTONIC in microseconds. */
export interface Tracing {
  now(): number;
  /** A memfd that `count` steps of init write their ends into. */
  openStamps(count: number): number;
  /** What is in the last one that was opened; 0 for a step that is not done. */
  readStamps(): readonly number[];
  /** The width of a terminal in characters; 0 where that is not known. */
  columns(fd: number): number;
}

/** The native module. Every descriptor it makes is close-on-exec. */
export interface Addon {
  /** clone3(2) + execveat(2) of the sealed init. */
  spawnInit(options: SpawnOptions): Spawned;
  /** One message on a SOCK_SEQPACKET socket; descriptors by SCM_RIGHTS. */
  send(socket: number, bytes: Uint8Array, fds?: readonly number[]): void;
  /** Waits for one message; `null` when the peer is gone. */
  receive(socket: number): Message | null;
  /** Listens on a unix SOCK_SEQPACKET socket `name` in the directory; mode 0600. Path length is not limited to sun_path. */
  listen(directory: number, name: string): number;
  /** Connects to a unix socket: SOCK_SEQPACKET `name` in a directory. */
  connect(directory: number, name: string): number;
  /** Connects to a unix stream socket at `path`; one send or receive on it waits at most `seconds` (0: for ever). */
  connectStream(path: string, seconds: number): number;
  /** Connects to a unix stream socket at `path`, sends `fd` with one message of `name`, closes (runc's console-socket and pidfd-socket). */
  sendDescriptor(path: string, fd: number, name: string): void;
  /** pidfd_open(2). */
  pidfdOpen(pid: number): number;
  /** pidfd_send_signal(2). */
  pidfdSignal(pidfd: number, signal: number): void;
  /** waitpid(2): exit status as a shell gives it (128+n for a signal). */
  wait(pid: number): number;
  /** Waits until the process behind a pidfd has ended or `ms` have passed; whether it ended. Works on processes that are not children (poll on the pidfd). */
  waitEnded(pidfd: number, ms: number): boolean;
  /** flock(2) LOCK_EX, waiting. */
  lock(fd: number): void;
  /** Runs a helper by absolute path with an empty environment; `output` is what it wrote to stdout and stderr. */
  runHelper(path: string, args: readonly string[]): { status: number; output: string };
  /** fcntl(2) F_GETFD: -1 when closed, else whether FD_CLOEXEC is set (1) or not (0). */
  descriptorFlags(fd: number): number;
  /**
   * open_tree(2) clone of `source` with its ids mapped by a user namespace (mount_setattr(2)); `recursive`,
   * `mapAll` (1 or 0): with the mounts below, and those mapped too. `propagation`: MS_* for all, 0 as is.
   */
  openMappedTree(
    source: string,
    namespace: number,
    recursive: number,
    mapAll: number,
    propagation: number,
  ): number;
  /** Signals that would end this process wait from now on for the helper that it becomes. */
  holdSignals(): void;
  /** Replaces this process by the static helper (execve(2), same pid) with the encoded plan; does not return. */
  becomeHelper(plan: Uint8Array, slots: readonly number[]): never;
  /**
   * A flattened profile (`launch/seccomp-words.ts`) to a BPF program. `names` are each ended by NUL;
   * `unknown` are those of calls that no architecture of this machine has.
   */
  compileSeccomp(words: Uint32Array, names: string): { filter: Uint8Array; unknown: string[] };
  /**
   * bpf(2): attaches a device filter (`launch/device-filter.ts`) to the cgroup behind a directory's
   * descriptor. What the verifier said of one that it refused is the error's `path`.
   */
  attachDeviceFilter(cgroup: number, program: Uint8Array): void;
  /** setxattr(2): has a directory bear an attribute; whether it could be set. */
  setAttribute(path: string, name: string): boolean;
  /** getxattr(2): whether a directory bears an attribute. */
  hasAttribute(path: string, name: string): boolean;
  /** Pids in the cgroup behind a directory's descriptor and in those below it, whatever their names. */
  processesInTree(cgroup: number): number[];
  /** The descriptor of the one of them that process `pid` is in; -1 where it is in no such. */
  cgroupOfProcess(cgroup: number, pid: number): number;
  /** rmdir(2) of those below it, except what is in use. */
  removeCgroupsBelow(cgroup: number): void;
  /**
   * rtnetlink(7): moves the network device `name` from one network namespace (by descriptor) to
   * another as `newName`, in which `%d` stands for a free number. Its permanent global addresses go
   * along. Returns its name there and whether it was up.
   */
  moveNetworkDevice(
    from: number,
    to: number,
    name: string,
    newName: string,
    up: boolean,
  ): { readonly name: string; readonly wasUp: boolean };
  /** nanosleep(2). */
  pause(ms: number): void;
  /** inotify(7): a descriptor that tells of changes of these files; one that is not there never changes. */
  watchFiles(paths: readonly string[]): number;
  /** psi.rst: a descriptor of the file that tells of pressure as `trigger` says, "some 200000 2000000". */
  watchPressure(path: string, trigger: string): number;
  /**
   * Which of `watch`, of files, and `triggers`, of pressure, have something to tell since the last
   * look, or get it within `ms`.
   */
  waitForChange(watch: number, triggers: readonly number[], ms: number): readonly number[];
  /** SIGINT, SIGTERM and SIGHUP do not end this process from now on, but the programs that it executes. */
  outliveSignals(): void;
  /**
   * Runs the static program as `probe`, for a `root` or a `user`: a line `NAME ERRNO CALL` for all that
   * was tried of the kernel (addon/probe).
   */
  probe(caller: 'root' | 'user'): string;
  /** What only `--trace` needs. */
  tracing(): Tracing;
  /** Bytes of the static program (init, foreground helper, report). */
  helperBinary(): Uint8Array;
  /**
   * Steps of init or the foreground helper as bytes (addon/wire/writer.h). `slots`: what the names in their
   * descriptor fields stand for. A value of the wrong type throws a TypeError.
   */
  encodePlan(steps: readonly object[], slots: object): Uint8Array;
  /** What the C++ side reads out of an encoded plan, one object a step; `null` when malformed. For tests. */
  decodePlan(bytes: Uint8Array): readonly Readonly<Record<string, unknown>>[] | null;
  /** strerror(3), lower case first letter: `operation not permitted`. */
  errorText(errno: number): string;
  /** Name of an errno: `EPERM`. */
  errorName(errno: number): string;
}
