// The part of a document that a program writes.

const [begin, end] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

/** `page` with `text` between its two marks; throws where they are missing. */
export function withText(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n${text.trim()}\n${page.slice(to)}`;
}
