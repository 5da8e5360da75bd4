// string-width in the executable: help has no character that is wide, or that is more than one.

/** How many columns a text takes. */
export default function stringWidth(text: string): number {
  return [...text].length;
}
