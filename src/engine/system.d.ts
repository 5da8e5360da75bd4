// The native module of the executable that stands behind this folder (addon/engine/system). What the
// kernel refuses throws an Error as Node's.

declare module 'sampan:system' {
  type Constant =
    | ('O_RDONLY' | 'O_WRONLY' | 'O_RDWR' | 'O_CREAT' | 'O_EXCL' | 'O_TRUNC' | 'O_APPEND')
    | ('O_DIRECTORY' | 'O_NOFOLLOW' | 'S_IFMT' | 'S_IFCHR');

  interface System {
    readText(file: string | number): string;
    readLatin1(file: string | number): string;
    readBytes(file: string | number): Uint8Array;
    write(fd: number, data: string | Uint8Array): number;
    writeFile(file: string | number, data: string | Uint8Array, flags: number, mode: number): void;
    readonly constants: Readonly<Record<Constant, number>>;
    open(path: string, flags: number, mode: number): number;
    close(fd: number): void;
    fchmod(fd: number, mode: number): void;
    /** mode, uid, gid, dev, ino, rdev, nlink, size */
    stat(path: string): readonly number[];
    lstat(path: string): readonly number[];
    fstat(fd: number): readonly number[];
    exists(path: string): boolean;
    unlink(path: string): void;
    rmdir(path: string): void;
    rename(from: string, to: string): void;
    mkdir(path: string, mode: number): void;
    chmod(path: string, mode: number): void;
    lchown(path: string, uid: number, gid: number): void;
    readlink(path: string): string;
    realpath(path: string): string;
    statfs(path: string): number;
    /** Names and types (DT_* of readdir(3)) in turn. */
    readdir(path: string): readonly (string | number)[];
    mkdtemp(prefix: string): string;
    /** Standard streams, and SIGPIPE: before anything is opened. */
    begin(): void;
    exit(status: number): never;
    pid(): number;
    ppid(): number;
    euid(): number;
    egid(): number;
    environment(): Record<string, string>;
    cwd(): string;
    release(): string;
    /** Of the three streams: a descriptor, -1 for /dev/null, -2 for a pipe that is read. Status -1: by a signal. */
    spawn(
      program: string,
      argv: readonly string[],
      streams: readonly number[],
    ): { status: number; stdout: string; stderr: string };
  }
  const system: System;
  export default system;
}

declare module 'sampan:addon' {
  const addon: import('../native/addon.js').Addon;
  export default addon;
}
