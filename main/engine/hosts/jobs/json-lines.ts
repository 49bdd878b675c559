/** A member of a JSON document: names and indexes from the outside in. */
export type JsonPath = readonly (string | number)[];

/**
 * Finds the line of a member of a JSON text, for an error that names it.
 *
 * @param text JSON that `JSON.parse` takes
 * @returns the 1-based line of the member; that of the innermost thing around it when it is not there
 */
export function lineOfJson(text: string, path: JsonPath): number {
  let at = 0;
  let found = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const string = (): string => {
    const from = at;
    at += 1;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return String(JSON.parse(text.slice(from, at)));
  };
  /** Steps over a value; `depth` is how much of the path leads to it, or null when it is beside the path. */
  const value = (depth: number | null): void => {
    space();
    if (depth !== null) found = at;
    const open = text[at];
    if (open === '"') string();
    else if (open === '{' || open === '[') {
      at += 1;
      for (let index = 0; ; index += 1) {
        space();
        if (at >= text.length) return;
        if (text[at] === '}' || text[at] === ']') break;
        const start = at;
        const key = open === '{' ? string() : index;
        if (open === '{') {
          space();
          at += 1;
        }
        const isOnPath = depth !== null && path[depth] === key;
        if (isOnPath && open === '{') found = start;
        value(isOnPath ? depth + 1 : null);
        space();
        if (text[at] === ',') at += 1;
      }
      at += 1;
    } else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at += 1;
  };
  value(0);
  return lineAt(text, found);
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
