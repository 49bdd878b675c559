import { join } from 'node:path';
import * as z from 'zod';
import type { RebuildReport } from '#shared/contract/backup-media.ts';
import { mediumLabelSchema, poolNameSchema } from '#shared/contract/backup-media.ts';
import type { BackupContext } from '../context.ts';

/** What a rebuild takes from the catalogue copy of a medium; it is somebody's file, so it is bounded and believed little. */
const catalogueCopy = z.object({
  format: z.literal('hmtt-catalogue'),
  version: z.literal(1),
  media: z
    .array(
      z.object({
        id: z.uuid(),
        label: mediumLabelSchema,
        pool: poolNameSchema,
        location: z.string().max(200),
      }),
    )
    .max(10_000),
  points: z
    .array(
      z.object({
        id: z.string().max(200),
        elsewhere: z
          .array(z.object({ mediumId: z.uuid().nullable(), name: z.string().max(4096) }))
          .max(1_000),
      }),
    )
    .max(200_000),
});

/** Which media hold which points, as the catalogue copies on media say. */
export type HearSay = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the catalogue copies on the media at hand. Media that they name and this catalogue does not know are taken into it,
 * with the place where they lie, so that the next one can be asked for by its label.
 *
 * @returns point id → ids of media
 */
export async function readCatalogueCopies(
  context: BackupContext,
  roots: readonly string[],
): Promise<HearSay> {
  const { shelf, media, clock } = context;
  const heard = new Map<string, string[]>();
  for (const root of roots) {
    const answer = await media.text(join(root, 'CATALOGUE.json'));
    if (typeof answer === 'string') continue;
    const parsed = catalogueCopy.safeParse(jsonOf(answer.text));
    if (!parsed.success) continue;
    const known = new Set(shelf.media.all().map(({ id }) => id));
    for (const { id, label, pool, location } of parsed.data.media)
      if (!known.has(id))
        shelf.media.add(
          { format: 'hmtt-medium', version: 1, id, label, pool, createdAt: clock.now(), by: '' },
          location,
          { at: clock.now(), what: 'found', who: '', place: location, note: root },
        );
    for (const { id, elsewhere } of parsed.data.points)
      for (const { mediumId } of elsewhere)
        if (mediumId !== null) heard.set(id, [...(heard.get(id) ?? []), mediumId]);
  }
  return heard;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Which media to insert next: those that are said to hold archives of which none is at hand. */
export function nextMedia(context: BackupContext, heard: HearSay): RebuildReport['next'] {
  const { shelf } = context;
  const atHand = new Set(
    shelf.copies.atHand().flatMap((point) => (point.state === 'missing' ? [] : [point.id])),
  );
  const counts = new Map<string, number>();
  for (const [pointId, media] of heard) {
    if (atHand.has(pointId)) continue;
    for (const id of media) if (shelf.watch.rootOf(id) === null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .flatMap(([id, archives]) => {
      const medium = shelf.media.find(id);
      return medium === null ? [] : [{ label: medium.label, location: medium.location, archives }];
    });
}
