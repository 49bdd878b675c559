import { pieces } from './found-words.ts';

/** A longer text is shown as it is: thousands of marks would hold the page up. */
const LONGEST = 20_000;

/** A text of a line with what the search looked for marked in it. */
export function FoundText({ text, found }: { readonly text: string; readonly found: RegExp | null }) {
  if (found === null || text.length > LONGEST) return text;
  return pieces(text, found).map(({ text: piece, at, isFound }) =>
    isFound ? <mark key={at}>{piece}</mark> : piece,
  );
}
