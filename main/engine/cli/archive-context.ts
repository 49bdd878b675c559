import type { RequestOutput } from '#shared/contract/index.ts';
import { MAX_LINES_AROUND } from '#shared/contract/logs-rotation.ts';
import type { Session } from './session.ts';

type Found = RequestOutput<'rotation.segments.search'>;
type Around = RequestOutput<'rotation.segments.contexts'>['around'][number];

/** Lines found in archived segments with those around each, in the order of the hits, and what could not be read of either. */
export type ArchiveContext = Found & { readonly around: readonly Around[] };

/** Asks for the lines around each hit, the hit among them, for as many hits at once as may be asked for. */
export async function contextOfSegmentHits(
  { call }: Session,
  found: Found,
  lines: number,
): Promise<ArchiveContext> {
  const around: Around[] = [];
  const failed = new Map(found.failed.map((one) => [one.file, one]));
  const atOnce = Math.max(1, Math.floor(MAX_LINES_AROUND / (2 * lines + 1)));
  for (let at = 0; at < found.lines.length; at += atOnce) {
    const hits = found.lines.slice(at, at + atOnce).map(({ segmentId, line }) => ({ segmentId, line }));
    const read = await call('rotation.segments.contexts', { hits, before: lines, after: lines });
    around.push(...read.around);
  }
  for (const one of around) for (const unread of one.failed) failed.set(unread.file, unread);
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
