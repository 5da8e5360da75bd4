// How the properties of a document are described: by section of the specification, then by place.

/**
 * A sentence for each place, by section of the specification. A place is a pointer in which `*`
 * stands for an element, a value, or a part of a name.
 */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Something that is known of places. */
export type Places<T> = Readonly<Record<string, T>>;

/** The sentence for each place, with its section. */
export function sentences(...tables: readonly Texts[]): Places<string> {
  const entries = tables.flatMap((table) =>
    Object.entries(table).flatMap(([section, texts]) =>
      Object.entries(texts).map(([place, text]) => [place, `${text} (${section})`] as const),
    ),
  );
  return Object.fromEntries(entries);
}

/** What is known of a pointer: at the place itself, or at the first pattern that it fits. */
export function at<T>(places: Places<T>, pointer: string): T | undefined {
  if (Object.hasOwn(places, pointer)) return places[pointer];
  const pattern = Object.keys(places).find((place) => fits(pointer, place));
  return pattern === undefined ? undefined : places[pattern];
}

function fits(pointer: string, place: string): boolean {
  const parts = place.split('*').map((part) => part.replace(/[.$]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(pointer);
}
