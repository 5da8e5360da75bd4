// What stat(2) and readdir(3) tell.

const TYPE = 0o170000;
const DIRECTORY = 0o040000;
const SYMBOLIC_LINK = 0o120000;

/** What is known of a file. */
export class Stats {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly dev: number;
  readonly ino: number;
  readonly rdev: number;
  readonly nlink: number;
  readonly size: number;

  /** In the order of the system module. */
  constructor(numbers: readonly number[]) {
    const [mode = 0, uid = 0, gid = 0, dev = 0, ino = 0, rdev = 0, nlink = 0, size = 0] = numbers;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.dev = dev;
    this.ino = ino;
    this.rdev = rdev;
    this.nlink = nlink;
    this.size = size;
  }

  isDirectory(): boolean {
    return (this.mode & TYPE) === DIRECTORY;
  }

  isSymbolicLink(): boolean {
    return (this.mode & TYPE) === SYMBOLIC_LINK;
  }
}

/** An entry of a directory. */
export class Dirent {
  constructor(
    readonly name: string,
    /** DT_* of readdir(3): the type's bits of the mode. */
    private readonly type: number,
  ) {}

  isDirectory(): boolean {
    return this.type === DIRECTORY >> 12;
  }

  isSymbolicLink(): boolean {
    return this.type === SYMBOLIC_LINK >> 12;
  }
}
