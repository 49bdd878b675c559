import type { RetentionContext } from './context.ts';
import { judgeChanges } from './mass-change.ts';

/**
 * Judges the runs that were not judged yet, in the order in which they were made, and raises an alarm for those that changed
 * far more than is usual. A power cut between a run and its judgement is made good by the next call.
 */
export function judgeNewRuns(context: RetentionContext, plan: string): void {
  const { catalogue, store, logger } = context;
  const known = store.judged(plan);
  const fresh = catalogue
    .points(plan)
    .filter(({ id, report }) => report.changes !== undefined && !known.has(id))
    .toReversed();
  for (const { id, type, startedAt, report } of fresh) {
    const stats = report.changes;
    if (stats === undefined) continue;
    const signs = judgeChanges(stats, store.changeHistory(plan, type));
    store.addJudged({ pointId: id, plan, type, at: startedAt, stats }, signs);
    if (signs.length === 0) continue;
    const kinds = signs.map(({ kind }) => kind);
    logger.log('warn', 'a run changed unusually much', { plan, point: id, kinds });
  }
}
