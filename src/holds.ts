/**
 * Whether a long text holds `part`, which begins with a character that is rare in it. In the executable
 * `includes` compares at every place, and `split` goes from one such character to the next (memchr(3)).
 */
export function holds(text: string, part: string): boolean {
  return text.split(part, 2).length > 1;
}
