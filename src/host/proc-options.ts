// What the /proc here hides of processes (proc(5)).

/** Its options hidepid= and subset=, by /proc/self/mountinfo; the last mount on /proc is the one seen. */
export function hidingOptions(mountinfo: string): string[] {
  const lines = mountinfo.split('\n').map((line) => line.split(' '));
  const data = lines.findLast(([, , , , point]) => point === '/proc')?.at(-1) ?? '';
  return data.split(',').filter((option) => /^(hidepid=(?!0$|off$)|subset=)/.test(option));
}
