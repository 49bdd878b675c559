import type { Bilingual } from '#shared/errors/index.ts';
import type { BackupContext } from '../context.ts';
import { windowState } from '../limits/windows.ts';
import { PlanStore } from '../plans/plan-store.ts';
import { startRun } from '../start-run.ts';
import { type Due, duePlans, STRONGEST_FIRST, satisfying } from './due.ts';

/** Plans whose last run was cut off and not tried again: each is due once, whatever its schedules say. */
function cutOff(store: PlanStore, names: readonly string[]): readonly Due[] {
  return names.flatMap((name) => {
    const last = store.runs(name, 1).runs[0];
    if (last?.state !== 'interrupted' || last.trigger === 'again') return [];
    return [{ name, type: last.type, cron: '' }];
  });
}

const AGAIN: Bilingual = {
  zh: '上一次运行被中断（断电、崩溃或退出），未完成的文件已清除，自动重新运行一次。',
  en: 'The run before was cut off (power, crash or exit). What it left was removed, and it is run again once.',
};

/**
 * Starts the plans whose time has come, and those whose last run was cut off. Outside of its hours a plan stays due: it is
 * started by a later look, when they begin.
 */
export function runDue(context: BackupContext): void {
  const { catalogue, clock, logger } = context;
  const store = new PlanStore(context.db);
  const now = clock.now();
  const plans = catalogue.plans().map(({ spec }) => spec);
  const scheduled = plans.map(({ name, schedules }) => ({
    name,
    schedules,
    since: store.schedulesSince(name),
    lastStart: (type: Due['type'], until: number) => store.lastStart(name, satisfying(type), until),
  }));
  const byTime = new Map(duePlans(scheduled, now).map((due) => [due.name, due]));
  const again = new Map(
    cutOff(
      store,
      plans.map(({ name }) => name),
    ).map((due) => [due.name, due]),
  );
  for (const { name, limits } of plans) {
    const [timed, repeated] = [byTime.get(name), again.get(name)];
    const type = STRONGEST_FIRST.find((known) => known === timed?.type || known === repeated?.type);
    if (type === undefined || context.active.has(name) || !windowState(limits.windows, now).isOpen) continue;
    const started = startRun(context, name, type, {
      trigger: repeated === undefined ? 'schedule' : 'again',
      reasons: repeated === undefined ? [] : [AGAIN],
    });
    if (!started.ok)
      logger.log('error', 'a scheduled run did not start', { plan: name, code: started.error.code });
  }
}
