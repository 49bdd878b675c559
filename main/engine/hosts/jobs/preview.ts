import type {
  JobDraft,
  JobPreview,
  PreviewedSample,
  PreviewedTarget,
  ScrapeJob,
} from '#shared/contract/scrape-jobs.ts';
import { type Labels, labelsToRecord } from '#shared/domain/labels.ts';
import { type RelabelTrace, traceRelabel } from '#shared/domain/relabel/trace.ts';
import { targetId, targetLabels } from '../identity.ts';
import { populateTarget } from '../prometheus-config/populate.ts';
import { targetUrl } from '../target-url.ts';
import { FILE_LABEL, type JobFile } from './plan-jobs.ts';
import { readRules } from './read-rules.ts';

/** Rows shown of what may be ten thousand. */
const MOST_ROWS = 300;

/** A job with the rules and limits of a draft in place of its own; null with all that is wrong with the texts. */
export function draftedJob(
  job: ScrapeJob,
  draft: JobDraft,
): { readonly job: ScrapeJob | null; readonly faults: JobPreview['faults'] } {
  const relabel = readRules('relabel_configs', draft.relabel);
  const metricRelabel = readRules('metric_relabel_configs', draft.metricRelabel);
  if (relabel.ok && metricRelabel.ok)
    return {
      job: {
        ...job,
        relabel: relabel.value,
        settings: { ...job.settings, ...draft.limits, metricRelabel: metricRelabel.value },
      },
      faults: [],
    };
  return {
    job: null,
    faults: [
      ...(relabel.ok ? [] : [{ field: 'relabel' as const, error: relabel.error }]),
      ...(metricRelabel.ok ? [] : [{ field: 'metricRelabel' as const, error: metricRelabel.error }]),
    ],
  };
}

/** The way of every listed target of a job through its rules; those that are dropped or wrong come first. */
export function previewTargets(
  job: ScrapeJob,
  files: readonly JobFile[],
  known: ReadonlySet<string>,
): JobPreview['targets'] {
  const trace = traceRelabel(job.relabel);
  const rows: PreviewedTarget[] = [];
  const ids = new Set<string>();
  const lists = [
    { file: null, groups: job.listed },
    ...files.map(({ path, read }) => ({ file: path, groups: read?.groups ?? [] })),
  ];
  for (const { file, groups } of lists)
    for (const group of groups)
      for (const address of group.targets) {
        const ways: { readonly before: Labels; readonly way: RelabelTrace }[] = [];
        const listed = { ...group.labels, ...(file === null ? {} : { [FILE_LABEL]: file }) };
        const made = populateTarget(job.settings, { ...listed, __address__: address.trim() }, (labels) => {
          const way = trace(labels);
          ways.push({ before: labels, way });
          return way.after;
        });
        const way = ways[0]?.way ?? null;
        const row = { address, file, ...shownTrace(ways[0]?.before ?? [], way) };
        if (made.kind === 'wrong') rows.push({ ...row, outcome: { kind: 'wrong', why: made.why } });
        else if (made.kind === 'dropped')
          rows.push({ ...row, outcome: { kind: 'dropped', rule: droppedBy(way) } });
        else {
          const { config } = made;
          const id = targetId(config);
          ids.add(id);
          const outcome = { labels: targetLabels(config), url: targetUrl(config), isNew: !known.has(id) };
          rows.push({ ...row, outcome: { kind: 'target', ...outcome } });
        }
      }
  const count = (kind: PreviewedTarget['outcome']['kind']): number =>
    rows.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    ...{ kept: ids.size, dropped: count('dropped'), wrong: count('wrong') },
    added: [...ids].filter((id) => !known.has(id)).length,
    gone: [...known].filter((id) => !ids.has(id)).length,
    rows: rows.toSorted((a, b) => rank(a.outcome.kind) - rank(b.outcome.kind)).slice(0, MOST_ROWS),
  };
}

/** The way of samples through the rules of their job; dropped ones come first. */
export function previewSamples(
  job: ScrapeJob,
  series: readonly Labels[],
): Pick<NonNullable<JobPreview['samples']>, 'kept' | 'dropped' | 'rows'> {
  const trace = traceRelabel(job.settings.metricRelabel);
  const rows: PreviewedSample[] = [];
  let dropped = 0;
  for (const labels of series) {
    const way = trace(labels);
    const isKept = way.after !== null && way.after.length > 0;
    if (!isKept) dropped += 1;
    rows.push({
      ...shownTrace(labels, way),
      outcome: isKept
        ? { kind: 'kept', labels: labelsToRecord(way.after ?? []) }
        : { kind: 'dropped', rule: droppedBy(way) || job.settings.metricRelabel.length },
    });
  }
  const weight = ({ outcome, steps }: PreviewedSample): number =>
    outcome.kind === 'dropped' ? 0 : steps.length > 0 ? 1 : 2;
  return {
    ...{ kept: series.length - dropped, dropped },
    rows: rows.toSorted((a, b) => weight(a) - weight(b)).slice(0, MOST_ROWS),
  };
}

const droppedBy = (way: RelabelTrace | null): number => (way?.droppedBy ?? -1) + 1;

function rank(kind: PreviewedTarget['outcome']['kind']): number {
  return kind === 'wrong' ? 0 : kind === 'dropped' ? 1 : 2;
}

function shownTrace(before: Labels, way: RelabelTrace | null): Pick<PreviewedTarget, 'before' | 'steps'> {
  const steps = way?.steps ?? [];
  return {
    before: labelsToRecord(before),
    steps: steps.map(({ rule, set, removed }) => ({
      rule: rule + 1,
      set: Object.fromEntries(set),
      removed: [...removed],
    })),
  };
}
