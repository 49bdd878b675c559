import type { Result } from '#shared/errors/index.ts';
import type { ArchiveReader, ReaderOf } from '../reader-types.ts';
import type { ChainLink } from '../state-index.ts';

/** The archives that one builds on, open. */
export type Earlier = { readonly readerOf: ReaderOf; readonly close: () => Promise<void> };

/**
 * Opens the archives that one builds on, when its files lie there in part.
 *
 * @param links of its chain, the full first, without itself
 * @returns null when nothing of it lies elsewhere, or when one is not at hand or not the one that the catalogue knows: the
 *   verification of that one tells
 */
export async function openEarlier(
  archive: ArchiveReader,
  links: readonly ChainLink[],
  open: (path: string) => Promise<Result<ArchiveReader>>,
): Promise<Earlier | null> {
  if (!archive.header.needs.includes('extents') || links.length === 0) return null;
  const readers = new Map<string, ArchiveReader>();
  const close = async (): Promise<void> => {
    for (const reader of readers.values()) await reader.close();
  };
  for (const link of links) {
    const opened = await open(link.archivePath);
    if (opened.ok) readers.set(opened.value.header.id, opened.value);
    if (opened.ok && opened.value.manifestSha256 === link.manifestSha256) continue;
    await close();
    return null;
  }
  return { readerOf: (id) => readers.get(id) ?? null, close };
}
