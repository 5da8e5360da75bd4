// Waiting for something to come true.

/** Asks every 20 ms until `condition` holds or the time is up; whether it came to hold. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  milliseconds = 5_000,
): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
