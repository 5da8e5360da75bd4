// How many instructions a command takes: of perf(1), where the machine counts them, else of callgrind.

import { commandLine, type Station, type Work } from './station.js';

/** Millions, by command. */
export interface Instructions {
  readonly how: string;
  readonly millions: Readonly<Record<string, number>>;
}

/** Counts once: the number hardly changes. Throws where nothing can count. */
export async function instructions(station: Station, work: Work): Promise<Instructions> {
  const { peer, rig } = station;
  if (peer.tree !== undefined) throw new Error('what counts is not in the tree of that release');
  const words = {
    state: ['state', work.resident ?? ''],
    run: ['run', '--bundle', work.brief, rig.newId()],
    exec: ['exec', work.resident ?? '', '/bin/true'],
  };
  const perf = ['perf', 'stat', '-x,', '-e', 'instructions', '--'];
  if ((await count(station, perf, words.state, /^(\d+),,instructions/m)) !== undefined) {
    return counted('perf stat, user and kernel', words, (each) =>
      count(station, perf, each, /^(\d+),,instructions/m),
    );
  }
  // A command that launches shares memory, replaces itself and makes namespaces, which it cannot follow.
  const valgrind = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null'];
  return counted(
    'callgrind, user only: this machine has no counters',
    { state: words.state },
    (each) => count(station, valgrind, each, /Collected\s*:\s*(\d+)/),
  );
}

async function counted(
  how: string,
  words: Readonly<Record<string, readonly string[]>>,
  one: (words: readonly string[]) => Promise<number | undefined>,
): Promise<Instructions> {
  const millions: Record<string, number> = {};
  for (const [name, each] of Object.entries(words)) {
    const found = await one(each);
    if (found === undefined) throw new Error('neither perf nor callgrind can count');
    millions[name] = found / 1e6;
  }
  return { how, millions };
}

async function count(
  { peer, rig }: Station,
  counter: readonly string[],
  words: readonly string[],
  pattern: RegExp,
): Promise<number | undefined> {
  const { stderr } = await rig.execute([...counter, ...commandLine(peer, rig), ...words]);
  const [, digits] = pattern.exec(stderr) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
