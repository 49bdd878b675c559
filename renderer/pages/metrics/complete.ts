/** The metric name that is being typed, and where it stands. */
export type NameAtCaret = { readonly word: string; readonly from: number; readonly to: number };

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/g;

/**
 * The name under the caret of an expression, or null when the caret is in a label matcher, a string or a range, where
 * metric names do not go.
 */
export function nameAtCaret(text: string, caret: number): NameAtCaret | null {
  const before = text.slice(0, caret);
  const depth = (open: string, close: string): number =>
    before.split(open).length - 1 - (before.split(close).length - 1);
  if (depth('{', '}') > 0 || depth('[', ']') > 0) return null;
  for (const match of text.matchAll(NAME)) {
    const from = match.index;
    const to = from + match[0].length;
    if (from < caret && caret <= to) return { word: text.slice(from, caret), from, to };
  }
  return null;
}

/** The text with the name under the caret replaced, and where the caret goes. */
export function withName(
  text: string,
  at: NameAtCaret,
  name: string,
): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, at.from) + name + text.slice(at.to), caret: at.from + name.length };
}
