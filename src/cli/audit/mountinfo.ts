// Lines of /proc/PID/mountinfo, and which of them a path is on (proc_pid_mountinfo(5)).

/** One mount. */
export interface MountFact {
  /** `MAJOR:MINOR` of the file system. */
  readonly device: string;
  /** Path inside the file system that is mounted. */
  readonly root: string;
  readonly target: string;
  /** Neither the mount nor its file system is read-only. */
  readonly writable: boolean;
  /** Whether device nodes on it can be used. */
  readonly devices: boolean;
  /** The peer group that it shares mounts with, absent for none. */
  readonly peers?: string;
  readonly type: string;
}

/** All of a text. */
export function parseMountinfo(text: string): MountFact[] {
  return text.split('\n').filter(Boolean).map(parse);
}

function parse(line: string): MountFact {
  const [left = '', right = ''] = line.split(' - ');
  const [, , device = '', root = '', target = '', options = '', ...tags] = left.split(' ');
  const [type = '', , whole = ''] = right.split(' ');
  const has = (text: string, option: string) => text.split(',').includes(option);
  const shared = tags.find((tag) => tag.startsWith('shared:'));
  return {
    device,
    root: plain(root),
    target: plain(target),
    writable: !has(options, 'ro') && !has(whole, 'ro'),
    devices: !has(options, 'nodev'),
    ...(shared === undefined ? {} : { peers: shared.slice('shared:'.length) }),
    type,
  };
}

/** Blanks and backslashes are written in octal. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Whether `path` is `folder` or below it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** The mount that a path is on: the deepest, of those on one directory the last. */
export function mountOn(mounts: readonly MountFact[], path: string): MountFact | undefined {
  let found: MountFact | undefined;
  for (const mount of mounts) {
    if (!isBelow(path, mount.target)) continue;
    if (found === undefined || mount.target.length >= found.target.length) found = mount;
  }
  return found;
}

/** Those that no later one on the same directory hides; a container may have made very many. */
export function uncovered(mounts: readonly MountFact[]): MountFact[] {
  return [...new Map(mounts.map((mount) => [mount.target, mount])).values()];
}

/** Where the same directory is on the host; undefined where the host has not mounted it. */
export function hostPath(mount: MountFact, host: readonly MountFact[]): string | undefined {
  const same = host.filter((other) => other.device === mount.device);
  const around = same.filter((other) => isBelow(mount.root, other.root));
  const nearest = around.sort((a, b) => b.root.length - a.root.length)[0];
  if (nearest === undefined) return undefined;
  const rest = nearest.root === '/' ? mount.root : mount.root.slice(nearest.root.length);
  return `${nearest.target === '/' ? '' : nearest.target}${rest === '/' ? '' : rest}` || '/';
}
