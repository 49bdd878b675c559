import { basename, dirname } from 'node:path';
import type { Result } from '#shared/errors/index.ts';
import type { BackupContext } from '../context.ts';
import { type CopyPlace, placeKey } from '../copy/copy-store.ts';
import { catalogueText, chainsOn, type KitContent, type KitPoint } from './kit-content.ts';
import { KIT_FILES, type KitTask } from './kit-task.ts';
import { checklist, FORMAT_TEXT } from './kit-text.ts';
import { ARCHIVES_FOLDER } from './medium-file.ts';

/** A target that carries a kit. */
export type KitTarget = {
  readonly place: CopyPlace;
  /** Where its top is now. */
  readonly root: string;
};

/** What the kit of a target says now: every point of every plan that has an archive there, and what they build on. */
function kitContent(context: BackupContext, { place, root }: KitTarget): KitContent {
  const { catalogue, shelf } = context;
  const points = catalogue.points();
  const key = placeKey(place);
  const archives = new Map<string, string>();
  for (const copy of shelf.store.in(place))
    if (copy.state === 'intact') archives.set(copy.pointId, basename(copy.rel));
  for (const point of points)
    if (place.kind === 'folder' && dirname(point.archivePath) === place.dir && point.state === 'complete')
      archives.set(point.id, basename(point.archivePath));
  const sources = new Map(catalogue.plans().map(({ spec }) => [spec.name, spec.sources]));
  const plans = new Set(points.filter(({ id }) => archives.has(id)).map(({ plan }) => plan));
  const kit = points
    .filter((point) => plans.has(point.plan))
    .map((point): KitPoint => {
      const archive = archives.get(point.id) ?? basename(point.archivePath);
      return {
        id: point.id,
        plan: point.plan,
        type: point.type,
        startedAt: point.startedAt,
        parentId: point.parentId,
        archive,
        bytes: point.archiveBytes,
        manifestSha256: point.manifestSha256,
        here: archives.has(point.id),
        elsewhere: shelf.copies
          .of(point.id)
          .filter((copy) => copy.state !== 'missing' && copy.state !== 'broken')
          .filter(
            (copy) => (copy.mediumId === null ? `folder:${copy.name}` : `medium:${copy.mediumId}`) !== key,
          )
          .map(({ name, location, mediumId }) => ({ name, location, mediumId })),
        sources: archive.endsWith('.age') ? null : (sources.get(point.plan) ?? []),
      };
    });
  const medium =
    place.kind === 'medium' ? (shelf.media.all().find(({ id }) => id === place.id) ?? null) : null;
  return {
    name: medium?.label ?? root,
    label: medium?.label ?? null,
    host: context.host,
    tool: context.tool,
    writtenAt: points.reduce((latest, point) => Math.max(latest, point.finishedAt), 0),
    folder: place.kind === 'medium' ? ARCHIVES_FOLDER : '',
    points: kit,
    chains: chainsOn(points, kit),
    media: shelf.media.all().map(({ id, label, pool, location }) => ({ id, label, pool, location })),
  };
}

/**
 * Writes onto a target what is needed to restore from it without this console: checklists, format, catalogue. A failure is
 * logged and does no harm: the archives are complete without it, and the next change writes it again.
 */
export function refreshKit(context: BackupContext, target: KitTarget): Promise<void> {
  const { kits } = context.shelf;
  // The content is looked up when its turn comes: the last one written is the newest.
  const writing = (kits.get(target.root) ?? Promise.resolve()).then(() => writeNow(context, target));
  kits.set(target.root, writing);
  return writing.finally(() => {
    if (kits.get(target.root) === writing) kits.delete(target.root);
  });
}

async function writeNow(context: BackupContext, target: KitTarget): Promise<void> {
  const content = kitContent(context, target);
  const texts = [checklist(content, 'zh'), checklist(content, 'en'), FORMAT_TEXT, catalogueText(content)];
  const task: KitTask = {
    root: target.root,
    medium:
      content.label === null || target.place.kind !== 'medium'
        ? null
        : { id: target.place.id, label: content.label },
    files: KIT_FILES.map((name, index) => ({ name, text: texts[index] ?? '' })),
  };
  try {
    const written = await context.tasks<Result<object>>('backup.kit', task).result;
    if (!written.ok)
      context.logger.log('warn', 'the checklist of a target could not be written', {
        target: content.name,
        code: written.error.code,
        detail: written.error.detail,
      });
  } catch (thrown) {
    context.logger.log('error', 'the checklist of a target could not be written', {
      target: content.name,
      thrown: String(thrown),
    });
  }
}

/** {@link refreshKit} of every target at hand on which points of the plan lie: after points were made or removed. */
export async function refreshPlanKits(context: BackupContext, plan: string): Promise<void> {
  const { catalogue, shelf } = context;
  const targets = new Map<string, KitTarget>();
  const add = (place: CopyPlace, root: string | null): void => {
    if (root !== null) targets.set(placeKey(place), { place, root });
  };
  const dir = catalogue.plan(plan)?.spec.targetDir;
  if (dir !== undefined) add({ kind: 'folder', dir }, dir);
  for (const { id } of catalogue.points(plan))
    for (const { place } of shelf.store.byPoint().get(id) ?? []) add(place, shelf.copies.rootOf(place));
  for (const target of targets.values()) {
    if (context.closing.aborted) return;
    await refreshKit(context, target);
  }
}
