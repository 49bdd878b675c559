import type { Measured } from '#shared/contract/recovery-drills.ts';
import { Panel } from '../../components/page-header.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { objectiveText } from '../../wizards/backup-plan/plan-text.ts';

type PromiseState = Measured['rpoState'];

const shapes: Readonly<Record<PromiseState, StateName>> = {
  kept: 'ok',
  breached: 'critical',
  unmeasured: 'warning',
  unpromised: 'unknown',
};

/** What every plan promises and what was measured, by the plan's name; empty until it is known. */
export function useMeasured(): ReadonlyMap<string, Measured> {
  const { data, reload } = useRequest('recovery.objectives', {}, { refreshMs: 30_000 });
  // A run, a restore or a drill that has just ended is the newest measurement.
  useEvent('backup.changed', reload);
  useEvent('restore.changed', reload);
  useEvent('recovery.changed', reload);
  return new Map((data?.plans ?? []).map((plan) => [plan.plan, plan]));
}

/** How long the last restore or drill took, in words. */
export function rtoText(t: Translate, { rtoLastMs, rtoMeasuredAt }: Measured): string {
  if (rtoLastMs === null || rtoMeasuredAt === null) return t('plans:promise.rtoNone');
  return t('plans:promise.rtoMeasured', {
    time: durationText(t, rtoLastMs),
    at: absoluteText(rtoMeasuredAt).slice(0, 10),
  });
}

/** Promised against measured, for both objectives. */
export function PromisePanel({ measured }: { readonly measured: Measured }) {
  const { t } = useTranslation();
  const { rpoMs, rtoMs, rpoNowMs, rpoState, rtoState } = measured;
  const rows = [
    {
      name: t('plans:promise.rpo'),
      promised: rpoMs,
      state: rpoState,
      measured:
        rpoNowMs === null
          ? t('backups:plan.realityNever')
          : t('plans:promise.age', { time: durationText(t, rpoNowMs) }),
    },
    { name: t('plans:promise.rto'), promised: rtoMs, state: rtoState, measured: rtoText(t, measured) },
  ];
  return (
    <Panel title={t('plans:promise.title')}>
      <table className="promise-table" data-testid="promises">
        <thead>
          <tr>
            <th scope="col">{t('plans:promise.objective')}</th>
            <th scope="col">{t('plans:promise.promised')}</th>
            <th scope="col">{t('plans:promise.measured')}</th>
            <th scope="col">{t('backups:points.state')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, promised, measured: reality, state }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="figure">{objectiveText(t, promised)}</td>
              <td className="figure">{reality}</td>
              <td>
                <StateBadge state={shapes[state]} word={t(`plans:promise.state.${state}`)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
