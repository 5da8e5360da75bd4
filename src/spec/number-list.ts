// Lists of CPUs and NUMA nodes, as cpuset(7) writes them: `0-3,7`.

/** The numbers of a list, in order and once each, or what is wrong with it. */
export function parseNumberList(text: string, most: number): number[] | string {
  const numbers = new Set<number>();
  // As in runc: blanks around a comma and extra commas do no harm.
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    const found = /^(\d+)(?:-(\d+))?$/.exec(item);
    if (found === null) return `"${item}" is neither a number nor a range such as 0-3`;
    const first = Number(found[1]);
    const last = Number(found[2] ?? found[1]);
    if (last > most) return `${last} is above ${most}, the highest number there can be`;
    if (first > last) return `the range ${item} ends before it begins`;
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** CPUs that a kernel can be built for, less one (CONFIG_NR_CPUS). */
export const HIGHEST_CPU = 8191;
/** The same of NUMA nodes (CONFIG_NODES_SHIFT). */
export const HIGHEST_NODE = 1023;
