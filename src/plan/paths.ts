// Paths as strings. Nothing here looks at a file system.

/** An absolute path without empty, `.` and `..` parts; `..` at the root stays there. */
export function cleanPath(path: string): string {
  // As nearly all are written.
  if (path.startsWith('/') && !hasEmptyParts(path) && !path.includes('/.')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function hasEmptyParts(path: string): boolean {
  return path.includes('//') || path.endsWith('/');
}

/** `path` below `base`; an absolute path as it is. */
export function below(base: string, path: string): string {
  return path.startsWith('/') ? path : `${base}/${path}`;
}
