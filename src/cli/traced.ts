// `--trace FILE` around what a command does. Nothing is loaded without it.

/** Carries out `act`; with a `file`, writes down there what took how long. */
export async function traced<T>(
  command: string,
  file: string | undefined,
  act: () => Promise<T>,
): Promise<T> {
  if (file === undefined) return act();
  const understood = performance.now();
  const { record } = await import('../trace/record.js');
  return record({ command, file, understood }, act);
}
