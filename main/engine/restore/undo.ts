import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { RestoreState } from '#shared/contract/restore.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { missingRestore, planFile, type RestoreContext, safetyFolder } from './context.ts';
import { guardRoots } from './paths.ts';
import { computePlan } from './plan-job.ts';
import { openPlanStore, type PlanBasis } from './plan-store.ts';
import type { RestoreRecord } from './records.ts';
import { keptSoFar } from './run-job.ts';
import type { UndoTaskData } from './undo-plan.ts';

const ENDED: readonly RestoreState['state'][] = ['done', 'failed', 'cancelled', 'interrupted'];

/** Whether a restore can be undone: it wrote something, recorded what was there, and nobody gave that up. */
function canUndo(
  context: RestoreContext,
  record: RestoreRecord,
  undone: ReadonlyMap<string, string>,
): boolean {
  return (
    ENDED.includes(record.state) &&
    record.startedAt !== null &&
    !undone.has(record.id) &&
    record.keepsRecord &&
    (record.safety?.discardedAt ?? null) === null &&
    existsSync(planFile(context.folder, record.id))
  );
}

/** A restore as the contract tells it. */
export function toState(
  context: RestoreContext,
  record: RestoreRecord,
  undone: ReadonlyMap<string, string>,
): RestoreState {
  const { rtoMs: _rto, interruptions: _interruptions, keepsRecord: _keeps, ...state } = record;
  return {
    ...state,
    safety: keptSoFar(context, record),
    undoneBy: undone.get(record.id) ?? null,
    canUndo: canUndo(context, record, undone),
  };
}

/** The requests that undo restores, and that give up what is kept for it. */
export function createUndoHandlers(
  context: RestoreContext,
): Pick<AreaHandlers<'restore'>, 'restore.undo' | 'restore.discardSafety'> {
  const { records, jobs, folder, clock } = context;
  return {
    'restore.undo': ({ restoreId, changed }) => {
      const record = records.get(restoreId);
      if (record === null) return missingRestore(restoreId);
      if (!canUndo(context, record, records.undone())) return err(appError('RESTORE_NOTHING_TO_UNDO'));
      const of = planFile(folder, restoreId);
      const store = openPlanStore(of);
      if (!store.ok) return store;
      const old = store.value.basis();
      store.value.close();
      const id = randomUUID();
      const basis: PlanBasis = {
        ...old,
        archives: [],
        overwrite: 'always',
        selection: [],
        owners: { mode: 'keep', users: [], groups: [] },
        safetyDir: safetyFolder(folder, id),
        undo: { of: restoreId, roots: old.undo?.roots ?? guardRoots(old.place, old.sources) },
      };
      const draft = {
        ...record.plan,
        id,
        overwrite: 'always' as const,
        selection: [],
        owners: { mode: 'keep' as const, users: [], groups: [] },
        appCheck: null,
        undoOf: restoreId,
        createdAt: clock.now(),
        keepsSafety: true,
      };
      const job = jobs.start({
        kind: 'restore-plan',
        title: {
          zh: `计算撤销预览“${draft.planName}”`,
          en: `Preview of undoing the restore of "${draft.planName}"`,
        },
        link: `/recovery/restores/${restoreId}`,
        canPause: false,
        work: (control) =>
          computePlan(
            context,
            control,
            draft,
            {
              name: 'restore.undo',
              data: { file: planFile(folder, id), of, basis, changed } satisfies UndoTaskData,
            },
            null,
          ),
      });
      return ok({ jobId: job.id });
    },
    'restore.discardSafety': async ({ restoreId, confirm }) => {
      const record = records.get(restoreId);
      if (record === null) return missingRestore(restoreId);
      const safety = keptSoFar(context, record);
      if (safety === null || safety.discardedAt !== null) return err(appError('RESTORE_NOTHING_TO_UNDO'));
      if (!ENDED.includes(record.state) || record.state === 'interrupted')
        return err(appError('RESTORE_ALREADY_RUNNING'));
      if (confirm.trim() !== record.plan.planName)
        return err(appError('RESTORE_NOT_CONFIRMED', { word: record.plan.planName }));
      records.setSafety(restoreId, { ...safety, discardedAt: clock.now() });
      await rm(safetyFolder(folder, restoreId), { recursive: true, force: true });
      context.broadcast('restore.changed', { restoreId });
      return ok({});
    },
  };
}
