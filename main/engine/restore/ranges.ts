/** Items from one number to another, both included. */
export type SeqRange = { readonly from: number; readonly to: number };

/** Cuts items, in order, into ranges of at most so many items, and of so many bytes unless a single one has more. Pure. */
export function cutRanges(
  rows: Iterable<{ readonly seq: number; readonly size: number }>,
  most: { readonly items: number; readonly bytes: number },
): readonly SeqRange[] {
  const ranges: SeqRange[] = [];
  let from: number | null = null;
  let to = 0;
  let items = 0;
  let bytes = 0;
  for (const { seq, size } of rows) {
    if (from !== null && (items >= most.items || bytes + size > most.bytes)) {
      ranges.push({ from, to });
      from = null;
      items = 0;
      bytes = 0;
    }
    from ??= seq;
    to = seq;
    items += 1;
    bytes += size;
  }
  if (from !== null) ranges.push({ from, to });
  return ranges;
}
