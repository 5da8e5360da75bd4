// Durations as Go writes them: `5s`, `1m30s`, `250ms`.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds; a bare number is seconds. `undefined` for anything else and for less than 1 ms. */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,6}$/.test(text)) return atLeastOne(Number(text) * 1000);
  if (!/^(\d{1,6}(\.\d{1,3})?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return atLeastOne(
    parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0),
  );
}

function atLeastOne(ms: number): number | undefined {
  return ms >= 1 ? Math.round(ms) : undefined;
}
