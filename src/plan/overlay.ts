// The lower layers of an overlay that are too long for one text (overlayfs.rst, lowerdir+).

/**
 * `lowerdir=A:B` as one option for each layer, `lowerdir+=A`, and `datadir+` for those after `::`.
 * In the list a backslash escapes the next character; alone each path is taken as it is.
 */
export function lowerLayers(option: string): string[] {
  const list = /^lowerdir=(.*)$/s.exec(option)?.[1];
  if (list === undefined) return [option];
  const [lower = '', ...data] = splitUnescaped(list, '::');
  return [
    ...splitUnescaped(lower, ':').map((path) => `lowerdir+=${unescaped(path)}`),
    ...data.map((path) => `datadir+=${unescaped(path)}`),
  ];
}

function splitUnescaped(text: string, separator: ':' | '::'): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; ) {
    const length = text[at] === '\\' ? 2 : 1;
    if (text.startsWith(separator, at)) {
      parts.push('');
      at += separator.length;
    } else {
      parts[parts.length - 1] += text.slice(at, at + length);
      at += length;
    }
  }
  return parts;
}

function unescaped(path: string): string {
  return path.replace(/\\(.)/gs, '$1');
}
