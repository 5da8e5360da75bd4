// What test/rig/programs/probe prints, as types.

/** A system call that failed, by the name of the error: `ENOENT`. */
export interface Failure {
  readonly errno: string;
}

/** A soft and a hard limit; `unlimited` is RLIM_INFINITY. */
export interface Limit {
  readonly soft: number | 'unlimited';
  readonly hard: number | 'unlimited';
}

/** A line of mountinfo, unescaped. */
export interface SeenMount {
  readonly id: string;
  readonly parent: string;
  readonly root: string;
  readonly target: string;
  readonly options: readonly string[];
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly data: readonly string[];
}

/** A path as lstat(2) has it; `read` and `write` are `ok` or the name of open(2)'s error. */
export interface SeenPath {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly major?: number;
  readonly minor?: number;
  readonly target?: string;
  readonly read?: string;
  readonly write?: string;
  readonly entries?: readonly string[];
  readonly errno?: string;
}

/** How an attempt ended: what the call returned, its error, or the signal that ended the process. */
export interface Trial {
  readonly result?: number;
  readonly errno?: string;
  readonly signal?: number;
}

/** The sections of the probe without an argument. */
export interface Sections {
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string | Failure;
  readonly umask: number;
  readonly process: { pid: number; parent: number; group: number; session: number };
  readonly rlimits: Readonly<Record<string, Limit>>;
  readonly signals: { blocked: number[]; ignored: number[] };
  readonly descriptors: Readonly<Record<string, string>>;
  readonly terminal: {
    isTerminal: boolean;
    controlling: boolean;
    rows: number;
    columns: number;
    uid: number;
    foreground: number;
  };
  readonly capabilities: Readonly<Record<CapabilitySet, readonly string[]>>;
  readonly user: { uid: number[]; gid: number[]; groups: number[] };
  readonly noNewPrivileges: boolean;
  readonly seccomp: number;
  readonly label: string | Failure;
  readonly scheduler: {
    policy: string;
    nice: number;
    priority: number;
    flags: string[];
    runtime: number;
    deadline: number;
    period: number;
  };
  readonly ioPriority: { class: string; priority: number };
  readonly affinity: readonly number[];
  readonly memoryPolicy: { mode: string; flags: string[]; nodes: number[] };
  readonly oomScoreAdj: number;
  readonly names: { hostname: string; domainname: string; machine: string };
  readonly namespaces: Readonly<Record<string, string>>;
  readonly clocks: Readonly<Record<'monotonic' | 'boottime', { secs: number; nanosecs: number }>>;
  readonly personality: number;
  readonly cgroup: readonly string[];
  readonly keyring: string | Failure;
  readonly mounts: readonly SeenMount[];
  readonly interfaces: Readonly<Record<string, { up: boolean; addresses: string[] }>>;
}

export type CapabilitySet = 'effective' | 'permitted' | 'inheritable' | 'bounding' | 'ambient';

/** Sections with an argument behind a colon. */
export type Asked<Name extends string> = Name extends keyof Sections
  ? Sections[Name]
  : Name extends `path:${string}`
    ? SeenPath
    : Name extends `file:${string}` | `attribute:${string}`
      ? string | Failure
      : Trial;

export type SectionName =
  | keyof Sections
  | `path:${string}`
  | `file:${string}`
  | `attribute:${string}`
  | `call:${string}`
  | `device:${string}`
  | `run:${string}`
  | `create:${string}`;

/** What the probe has seen, by the sections asked for. */
export type Seen<Name extends SectionName> = { readonly [N in Name]: Asked<N> };

/** Reads what the probe printed. */
export function readProbe<Name extends SectionName>(text: string): Seen<Name> {
  return JSON.parse(text) as Seen<Name>;
}
