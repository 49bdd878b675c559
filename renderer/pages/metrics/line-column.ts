/** Line and column of an offset in a text, counted from 1. */
export function lineColumn(text: string, column: number): string {
  const before = text.slice(0, Math.max(0, column - 1)).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
