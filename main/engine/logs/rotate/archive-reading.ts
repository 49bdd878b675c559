import { hostname } from 'node:os';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { SegmentPlace } from '#shared/contract/logs-rotation-runs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { resultUnder, type TaskStarter } from '../../platform/worker-tasks.ts';
import { compileQuery } from '../search/compile.ts';
import type { SegmentKeys } from './cipher.ts';
import type { RotationJournal, SegmentRow } from './journal.ts';
import type { SearchedSegment } from './open-segment.ts';
import type { SegmentHits, SegmentSearch } from './search.ts';
import { type ContextLines, type ContextOrder, type ContextPlan, planContext } from './segment-context.ts';

/** What reading the archive works on. */
export type ArchiveDeps = {
  readonly journal: RotationJournal;
  readonly tasks: TaskStarter;
  /** Keys that an operator has unlocked. */
  readonly keys: () => SegmentKeys;
};

/** Searches segments that were rotated in a time, oldest first. A segment's lines are older than its rotation. */
export async function searchArchive(
  deps: ArchiveDeps,
  params: {
    readonly query: string;
    readonly policy?: string | undefined;
    readonly ids?: string[] | undefined;
    readonly start?: number | undefined;
    readonly end?: number | undefined;
    readonly limit: number;
  },
  signal: AbortSignal,
): Promise<Result<SegmentHits>> {
  const compiled = compileQuery(params.query);
  if (!compiled.ok) return compiled;
  const wanted = params.ids === undefined ? null : new Set(params.ids);
  const all = deps.journal.segments({ policy: params.policy }).toReversed();
  const before = new Map<string, number>();
  const segments = all.filter((segment) => {
    const from = before.get(segment.source) ?? Number.NEGATIVE_INFINITY;
    before.set(segment.source, segment.rotatedAt);
    if (wanted !== null && !wanted.has(segment.id)) return false;
    return (params.start ?? from) <= segment.rotatedAt && (params.end ?? segment.rotatedAt) >= from;
  });
  const order: SegmentSearch = {
    query: params.query,
    start: params.start ?? null,
    end: params.end ?? null,
    zone: localZone(),
    segments: segments.map(searched),
    limit: params.limit,
    keys: deps.keys(),
  };
  return resultUnder(signal, deps.tasks('logs.rotate.search', order));
}

/**
 * The lines around each of some, over the segments of its log in the order of rotation.
 *
 * @returns NOT_FOUND when there is no such segment (any more), BAD_INPUT when it has no such line
 */
export async function archiveContexts(
  deps: ArchiveDeps,
  {
    hits,
    before,
    after,
  }: { readonly hits: readonly SegmentPlace[]; readonly before: number; readonly after: number },
  signal: AbortSignal,
): Promise<Result<RequestOutput<'rotation.segments.contexts'>>> {
  const plans: { readonly hit: SegmentPlace; readonly plan: ContextPlan<SegmentRow> }[] = [];
  const logs = new Map<string, readonly SegmentRow[]>();
  for (const hit of hits) {
    const own = deps.journal.segment(hit.segmentId);
    if (own === null) return err(appError('NOT_FOUND', { what: 'segment', id: hit.segmentId }));
    const { policy, source } = own;
    const key = `${policy}\n${source}`;
    const log = logs.get(key) ?? deps.journal.segments({ policy, source }).toReversed();
    logs.set(key, log);
    const plan = planContext(log, hit, before, after);
    if (plan === null) {
      const why = `1…${own.lines}`;
      return err(appError('BAD_INPUT', { method: 'rotation.segments.context', field: 'line', why }));
    }
    plans.push({ hit, plan });
  }
  const parts = plans
    .flatMap(({ plan }) => plan.parts)
    .map(({ segment, ...lines }) => ({ segment: searched(segment), ...lines }));
  const order: ContextOrder = { parts, zone: localZone(), keys: deps.keys() };
  const read = await resultUnder(signal, deps.tasks<Result<ContextLines>>('logs.rotate.context', order));
  if (!read.ok) return read;
  const { opened } = read.value;
  return ok({ opened, around: plans.map(({ hit, plan }) => aroundOf(hit, plan, read.value)) });
}

/** Of all the lines that were read those around one. */
function aroundOf(
  hit: SegmentPlace,
  { parts, earlier, later }: ContextPlan<SegmentRow>,
  read: ContextLines,
): RequestOutput<'rotation.segments.contexts'>['around'][number] {
  const lines = parts.flatMap(({ segment, from, to }) =>
    read.lines.filter(({ segmentId, line }) => segmentId === segment.id && line >= from && line <= to),
  );
  const at = lines.findIndex(({ segmentId, line }) => segmentId === hit.segmentId && line === hit.line);
  const files = new Set(parts.map(({ segment }) => segment.file));
  const failed = read.failed.filter(({ file }) => files.has(file));
  return { lines, hit: at < 0 ? null : at, earlier, later, failed };
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function searched({ id, file, codec, encrypted, source, policy, rotatedAt }: SegmentRow): SearchedSegment {
  // A host's file is called as `scp` calls it; any other is this workstation's.
  const host = source.startsWith('/') ? hostname() : (source.split(':', 1)[0] ?? '');
  return { id, file, codec, encrypted, source, policy, host, rotatedAt };
}
