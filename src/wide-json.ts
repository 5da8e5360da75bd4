// JSON with integers beyond 2^53, which JSON.stringify refuses.

/** `value` as JSON; a bigint keeps every digit. */
export function wideJson(value: unknown, indent?: number): string {
  const marked = JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `\0${v}` : v), indent);
  return marked.replace(/"\\u0000(\d+)"/g, '$1');
}
