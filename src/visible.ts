// Text from elsewhere in a line for a person: names in an image are chosen by whoever made it.

/** What a terminal obeys or a log takes for the next line, and what turns the order of letters around. */
const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** `text` with such characters written as `\x1b` or `\u202e`. */
export function visible(text: string): string {
  return HIDDEN.test(text) ? text.replace(new RegExp(HIDDEN, 'gu'), escaped) : text;
}

/** The same for a JSON text, which says the same to a program. Control characters below are escapes already. */
export function visibleJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${hex(character.charCodeAt(0), 4)}`,
  );
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
