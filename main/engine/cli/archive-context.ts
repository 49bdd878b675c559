import type { RequestOutput } from '#shared/contract/index.ts';
import type { Session } from './session.ts';

type Found = RequestOutput<'rotation.segments.search'>;
type Around = RequestOutput<'rotation.segments.context'>;

/** Lines found in archived segments with those around each, in the order of the hits, and what could not be read of either. */
export type ArchiveContext = Found & { readonly around: readonly Around[] };

/** Asks for the lines around each hit, the hit among them. */
export async function contextOfSegmentHits(
  { call }: Session,
  found: Found,
  lines: number,
): Promise<ArchiveContext> {
  const around: Around[] = [];
  const failed = new Map(found.failed.map((one) => [one.file, one]));
  for (const { segmentId, line } of found.lines) {
    const one = await call('rotation.segments.context', { segmentId, line, before: lines, after: lines });
    around.push(one);
    for (const unread of one.failed) failed.set(unread.file, unread);
  }
  return { ...found, failed: [...failed.values()], around };
}

/** Each line with its file and number, hits marked, `--` between the lines of two hits. */
export function archiveContextText({ around }: ArchiveContext): string {
  return around
    .map(({ lines, hit }) =>
      lines
        .map(({ file, line, text }, at) => `${at === hit ? '>' : ' '} ${file}:${line}: ${text}`)
        .join('\n'),
    )
    .join('\n--\n');
}
