/** Where a refused expression is marked: from the column to the end of the word there, at least one character. */
export function problemSpan(text: string, column: number): { readonly from: number; readonly to: number } {
  const from = Math.min(Math.max(0, column - 1), Math.max(0, text.length - 1));
  const word = /^[\w:]+/.exec(text.slice(from));
  return { from, to: Math.min(text.length, from + (word?.[0].length ?? 1)) };
}
