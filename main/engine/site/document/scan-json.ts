/** What parsing JSON does not say of a text: how deep it is nested, and the first member that stands twice in one object. */
export type JsonShape = { readonly depth: number; readonly duplicate: string | null };

/**
 * Looks over a text before it is parsed, in one pass. It need not be JSON; whatever is none, the parser refuses.
 *
 * @param deepest the look ends at the first value deeper than this
 */
export function scanJson(text: string, deepest: number): JsonShape {
  /** Names in each open object; null for a list. */
  const open: (Set<string> | null)[] = [];
  let depth = 0;
  let duplicate: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? new Set() : null);
      depth = Math.max(depth, open.length);
      if (depth > deepest) return { depth, duplicate };
    } else if (mark === '}' || mark === ']') open.pop();
    else if (mark === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1) ?? null;
      if (names !== null && isName(text, end)) {
        const name = nameOf(text.slice(at, end));
        if (names.has(name)) duplicate ??= name;
        names.add(name);
      }
      at = end - 1;
    }
  }
  return { depth, duplicate };
}

/** The place behind the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Whether a colon follows: the string is the name of a member. */
function isName(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return text[at] === ':';
}

/** Two spellings of a name are one name. */
function nameOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    // The parser refuses the text by itself.
    return quoted;
  }
}
