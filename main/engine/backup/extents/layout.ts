/** Bytes of a content: where they begin in the tar stream of an archive of the chain, and how many they are. */
export type Extent = {
  /** Id of the archive. */
  readonly archive: string;
  /** Number of a frame, and bytes from where its content begins; may reach into later frames. */
  readonly frame: number;
  readonly at: number;
  readonly size: number;
};

/** Where the whole content of a file lies, from its first byte to its last. */
export type Layout = readonly Extent[];

/** No reader takes more extents in one entry, so that its line stays within bounds. */
export const MAX_EXTENTS = 4_096;

/** The layout of a part of a content. */
export function sliceLayout(layout: Layout, from: number, to: number): Layout {
  const part: Extent[] = [];
  let start = 0;
  for (const extent of layout) {
    const end = start + extent.size;
    if (end > from && start < to) {
      const skipped = Math.max(0, from - start);
      const size = Math.min(end, to) - start - skipped;
      part.push({ ...extent, at: extent.at + skipped, size });
    }
    start = end;
  }
  return part;
}

/** Puts layouts one behind the other; what lies one behind the other in the archive becomes one extent. */
export function joinLayouts(...layouts: readonly Layout[]): Layout {
  const joined: Extent[] = [];
  for (const extent of layouts.flat()) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.archive === extent.archive &&
      last.frame === extent.frame &&
      last.at + last.size === extent.at
    )
      joined[joined.length - 1] = { ...last, size: last.size + extent.size };
    else joined.push(extent);
  }
  return joined;
}
