// What is the matter with a program that is there and may be executed, and was not.

/** EM_* of elf(5). */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86-64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** For an errno of execve(2) and what init saw in the file (addon/init/asks_for.h); undefined if unknown. */
export function whyNotExecuted(errno: string | undefined, seen: string): string | undefined {
  switch (errno) {
    case 'ENOENT':
      return missingInterpreter(seen);
    case 'ENOEXEC':
      return otherMachine(seen);
    case 'EPERM':
      return 'see that linux.seccomp allows execve, and that process.capabilities.bounding has those of the file (getcap)';
    case 'E2BIG':
      return 'an element of args or env has over 128 KiB, or all together a quarter of the limit on the stack';
    default:
      return undefined;
  }
}

function missingInterpreter(path: string): string {
  if (path === '')
    return 'the program is there: its interpreter (#! line or dynamic loader) is not';
  const missing = `the program is there: its interpreter ${JSON.stringify(path)} is not`;
  return path.endsWith('\r')
    ? `${missing}: end the lines of the script with LF, not CRLF`
    : missing;
}

function otherMachine(seen: string): string {
  if (seen === '') return 'it is for another architecture, or a script without a #! line';
  const machine = Number(seen.replace('machine ', ''));
  if (machine === 0) return 'it is neither an ELF program nor a script with a #! line';
  const name = MACHINES[machine] ?? `ELF machine ${machine}`;
  return `it is a program for ${name}, see uname -m for what this machine is: take another image, or register an emulator (binfmt_misc)`;
}
