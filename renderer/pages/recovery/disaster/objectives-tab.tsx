import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Measured } from '#shared/contract/recovery-drills.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { durationText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { type Translate, useTranslation } from '../../../locales/use-translation.ts';
import { ClassPromises } from './class-promises.tsx';
import { RpoHistory } from './rpo-history.tsx';
import { ScorePanel } from './score-panel.tsx';
import { StampBadge } from './stamp-badge.tsx';

const REFRESH_MS = 30_000;

/** Promised against measured, breaches first; the live score; what is promised for each class of data. */
export function ObjectivesTab() {
  const { t } = useTranslation();
  const request = useRequest('recovery.objectives', {}, { refreshMs: REFRESH_MS });
  useEvent('recovery.changed', request.reload);
  useEvent('restore.changed', request.reload);
  useEvent('backup.changed', request.reload);
  return (
    <RequestView request={request} rows={8}>
      {({ plans, scores, objectives }) => (
        <>
          <MeasuredTable plans={plans} />
          {plans.length > 0 && (
            <div className="score-row">
              {scores
                .filter((score) => score.plans.length > 0)
                .map((score) => (
                  <ScorePanel key={score.dataClass} score={score} />
                ))}
            </div>
          )}
          <Panel title={t('recovery:disaster.objectives.classes')}>
            <p className="soft">{t('recovery:disaster.objectives.classesHint')}</p>
            <ClassPromises objectives={objectives} />
          </Panel>
          {plans.map((plan) => (
            <RpoHistory key={plan.plan} measured={plan} />
          ))}
        </>
      )}
    </RequestView>
  );
}

const shapes: Readonly<Record<Measured['rpoState'], StateName>> = {
  kept: 'ok',
  breached: 'critical',
  unmeasured: 'unknown',
  unpromised: 'info',
};

function lengthOr(t: Translate, ms: number | null, instead: string): string {
  return ms === null ? instead : durationText(t, ms);
}

function MeasuredTable({ plans }: { readonly plans: readonly Measured[] }) {
  const { t } = useTranslation();
  const columns = useMemo((): readonly Column<Measured>[] => {
    const unpromised = t('recovery:disaster.objectives.unpromised');
    return [
      {
        id: 'plan',
        title: t('recovery:disaster.objectives.plan'),
        width: 140,
        text: ({ plan }) => plan,
        render: ({ plan }) => <Link to={`/backups/${encodeURIComponent(plan)}`}>{plan}</Link>,
        sortBy: ({ plan }) => plan,
      },
      {
        id: 'class',
        title: t('recovery:disaster.objectives.dataClass'),
        width: 120,
        text: ({ dataClass }) => t(`recovery:disaster.class.${dataClass}`),
      },
      {
        id: 'rpoState',
        title: 'RPO',
        width: 90,
        text: ({ rpoState }) => t(`recovery:disaster.objectives.state.${rpoState}`),
        render: ({ rpoState }) => (
          <StateBadge state={shapes[rpoState]} word={t(`recovery:disaster.objectives.state.${rpoState}`)} />
        ),
      },
      {
        id: 'rpo',
        title: t('recovery:disaster.objectives.rpo'),
        width: 210,
        text: ({ rpoMs, rpoNowMs }) =>
          `${lengthOr(t, rpoMs, unpromised)} / ${lengthOr(t, rpoNowMs, t('recovery:disaster.objectives.nothing'))}`,
      },
      {
        id: 'worst',
        title: t('recovery:disaster.objectives.rpoWorst'),
        width: 110,
        align: 'right',
        text: ({ rpoWorstMs }) => lengthOr(t, rpoWorstMs, '—'),
      },
      {
        id: 'rtoState',
        title: 'RTO',
        width: 90,
        text: ({ rtoState }) => t(`recovery:disaster.objectives.state.${rtoState}`),
        render: ({ rtoState }) => (
          <StateBadge state={shapes[rtoState]} word={t(`recovery:disaster.objectives.state.${rtoState}`)} />
        ),
      },
      {
        id: 'rto',
        title: t('recovery:disaster.objectives.rto'),
        width: 170,
        text: ({ rtoMs, rtoLastMs }) =>
          `${lengthOr(t, rtoMs, unpromised)} / ${lengthOr(t, rtoLastMs, t('recovery:disaster.objectives.never'))}`,
      },
      {
        id: 'stamp',
        title: t('recovery:disaster.tabs.drills'),
        width: 170,
        text: ({ stamp }) => t(`recovery:disaster.stamp.${stamp.state}`),
        render: ({ stamp }) => <StampBadge stamp={stamp} />,
      },
    ];
  }, [t]);
  return (
    <DataTable
      id="objectives"
      label={t('recovery:disaster.objectives.table')}
      columns={columns}
      rows={plans}
      rowKey={({ plan }) => plan}
      maxHeight={320}
      bare
      empty={
        <EmptyState
          title={t('recovery:disaster.objectives.none')}
          body={t('recovery:disaster.objectives.noneBody')}
          action={
            <Link className="btn btn-primary" to="/backups/plans/new">
              {t('recovery:disaster.objectives.toPlans')}
            </Link>
          }
        />
      }
    />
  );
}
