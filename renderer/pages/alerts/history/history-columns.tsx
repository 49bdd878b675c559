import { useMemo } from 'react';
import { Link } from 'react-router';
import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import type { Severity } from '#shared/contract/site.ts';
import type { Column } from '../../../components/data-table.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { alertPath } from '../alert-address.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** What the history tells of an alert. */
export function useHistoryColumns(): readonly Column<AlertRecord>[] {
  const { t } = useTranslation();
  const text = useText();
  return useMemo(() => {
    const length = ({ problem }: AlertRecord): number => (problem.until ?? Date.now()) - problem.since;
    const told = (record: AlertRecord): string => {
      if (record.toldAt !== null) return absoluteText(record.toldAt);
      const causes = record.suppressedBy.map((kind) => t(`alerts:cause.${kind}`)).join(', ');
      return causes === '' ? t('alerts:history.nobodyTold') : causes;
    };
    return [
      {
        id: 'severity',
        title: t('alerts:column.severity'),
        text: ({ problem }) => t(`common:state.${problem.severity}`),
        render: ({ problem }) => <StateBadge state={problem.severity} />,
        sortBy: ({ problem }) => RANK[problem.severity],
        width: 84,
      },
      {
        id: 'state',
        title: t('alerts:column.state'),
        text: ({ problem }) => t(problem.until === null ? 'alerts:stateFiring' : 'alerts:stateResolved'),
        sortBy: ({ problem }) => (problem.until === null ? 0 : 1),
        width: 76,
      },
      {
        id: 'sentence',
        title: t('alerts:column.sentence'),
        text: ({ problem }) => text(problem.sentence),
        render: ({ problem }) => (
          <Link to={alertPath(problem.id, problem.since)} title={text(problem.sentence)}>
            {text(problem.sentence)}
          </Link>
        ),
        sortBy: ({ problem }) => text(problem.sentence),
        width: 330,
      },
      {
        id: 'since',
        title: t('alerts:column.since'),
        text: ({ problem }) => absoluteText(problem.since),
        render: ({ problem }) => <AbsoluteTime time={problem.since} />,
        sortBy: ({ problem }) => problem.since,
        width: 145,
      },
      {
        id: 'length',
        title: t('alerts:column.length'),
        text: (record) => durationText(t, length(record)),
        sortBy: length,
        align: 'right',
        width: 110,
      },
      {
        id: 'told',
        title: t('alerts:history.told'),
        text: told,
        sortBy: ({ toldAt }) => toldAt ?? 0,
        width: 150,
      },
      {
        id: 'acknowledged',
        title: t('alerts:history.acknowledged'),
        text: ({ acknowledgedBy, acknowledgedAt }) =>
          acknowledgedAt === null ? '—' : `${acknowledgedBy ?? ''} ${absoluteText(acknowledgedAt)}`,
        sortBy: ({ acknowledgedAt }) => acknowledgedAt ?? 0,
        width: 190,
      },
      {
        id: 'openings',
        title: t('alerts:facts.openings'),
        text: ({ openings }) => String(openings),
        sortBy: ({ openings }) => openings,
        align: 'right',
        width: 80,
      },
    ];
  }, [t, text]);
}
