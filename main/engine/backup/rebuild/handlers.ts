import type { AreaHandlers } from '#shared/contract/index.ts';
import { ok } from '#shared/errors/index.ts';
import { type BackupContext, jobAnswer } from '../context.ts';
import { RebuildStore } from './rebuild-store.ts';
import { startRebuild } from './start-rebuild.ts';

/** Handlers for rebuilding the catalogue. `ready`: what they wait for, the area's settling after a start. */
export function createRebuildHandlers(
  context: BackupContext,
  ready: Promise<void>,
): Pick<AreaHandlers<'backup'>, 'backup.rebuild' | 'backup.rebuild.report'> {
  return {
    'backup.rebuild': async ({ dirs }) => {
      await ready;
      const job = startRebuild(context, dirs);
      return job.ok ? ok(jobAnswer(job.value)) : job;
    },
    'backup.rebuild.report': () => ok({ report: new RebuildStore(context.db).report() }),
  };
}
