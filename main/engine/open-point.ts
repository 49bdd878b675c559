import { ok } from '#shared/errors/index.ts';
import { openChain } from './backup/chain-reader.ts';
import { HAZARD_TEXT, HazardCheck } from './backup/hazards.ts';
import type { EntryLine } from './backup/manifest.ts';
import type { OpenPoint, PointEntry } from './restore/types.ts';

/** Says of each entry what is wrong with it among the others. */
async function* withHazards(entries: AsyncIterable<EntryLine>): AsyncGenerator<PointEntry> {
  const check = new HazardCheck();
  for await (const entry of entries) {
    const hazard = check.check(entry);
    yield { ...entry, hazard: hazard === null ? null : HAZARD_TEXT[hazard] };
  }
}

/** How a restore reads a point of the backup area. */
export const openPoint: OpenPoint = async (archives, key) => {
  const opened = await openChain(archives, key ?? undefined);
  if (!opened.ok) return opened;
  const reader = opened.value;
  return ok({
    sources: reader.sources,
    entries: () => withHazards(reader.entries()),
    readFile: (entry) =>
      reader.readFile({ ...entry, k: 'entry', user: null, group: null, origin: entry.origin ?? 0 }),
    close: reader.close,
  });
};
