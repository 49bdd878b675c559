import { ok, type Result } from '#shared/errors/index.ts';
import { openAnyCopy } from './any-copy.ts';
import { openPlanStore, type PlanBasis, type PlanStore } from './plan-store.ts';
import type { RunTaskData } from './run-task.ts';
import type { OpenPoint, PointReader } from './types.ts';
import { undoReader } from './undo-reader.ts';

/** A plan that is being executed, and where its contents come from. */
export type OpenRun = {
  readonly store: PlanStore;
  readonly basis: PlanBasis;
  readonly reader: PointReader;
  readonly close: () => Promise<void>;
};

/** Opens a plan to execute it, with any copy of its archive that can be read; an undo's contents are the files kept for it. */
export async function openRun(openPoint: OpenPoint, data: RunTaskData): Promise<Result<OpenRun>> {
  const stored = openPlanStore(data.file, true);
  if (!stored.ok) return stored;
  const store = stored.value;
  const basis = store.basis();
  const opened =
    basis.undo === undefined ? await openAnyCopy(openPoint, basis.archives, data.key) : ok(undoReader());
  if (!opened.ok) {
    store.close();
    return opened;
  }
  const reader = opened.value;
  return ok({
    store,
    basis,
    reader,
    close: async () => {
      store.close();
      await reader.close();
    },
  });
}
