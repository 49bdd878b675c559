import { useState } from 'react';
import type { RetentionForecast, RetentionPolicy } from '#shared/contract/backup-retention.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Sparkline } from '../../../charts/sparkline.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { AbsoluteTime, Bytes } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Step = RetentionForecast['steps'][number];
type Kept = RetentionForecast['kept'][number];

const horizons = [4, 13, 26, 52, 104];

/** What a policy would keep, and how much space that takes, in the weeks to come. */
export function SimulatorPanel({
  plan,
  policy,
}: {
  readonly plan: string;
  readonly policy: RetentionPolicy | null;
}) {
  const { t } = useTranslation();
  const text = useText();
  const [weeks, setWeeks] = useState(26);
  const request = useRequest('backup.retention.simulate', { name: plan, policy, weeks }, { subject: plan });
  return (
    <Panel title={t('retention:simulate.title')}>
      <div className="stack">
        <SelectField
          label={t('retention:simulate.weeks')}
          value={weeks}
          options={horizons.map((each) => [each, t('retention:simulate.weeksOf', { weeks: each })])}
          onChange={setWeeks}
        />
        <RequestView request={request} rows={4}>
          {(forecast) => (
            <>
              <p className="soft">{text(forecast.assumes)}</p>
              <p data-testid="forecast">
                {t('retention:simulate.summary', {
                  points: forecast.keptTotal,
                  bytes: formatBytes(forecast.steps.at(-1)?.bytes ?? 0),
                  peak: formatBytes(forecast.peakBytes),
                })}
              </p>
              <Sparkline
                values={forecast.steps.map(({ bytes }) => bytes)}
                label={t('retention:simulate.chart', { weeks, peak: formatBytes(forecast.peakBytes) })}
                height={64}
              />
              <details>
                <summary>{t('retention:simulate.table')}</summary>
                <StepsTable steps={forecast.steps} />
              </details>
              <details>
                <summary>{t('retention:simulate.kept', { total: forecast.keptTotal })}</summary>
                <KeptTable kept={forecast.kept} total={forecast.keptTotal} />
              </details>
            </>
          )}
        </RequestView>
      </div>
    </Panel>
  );
}

function StepsTable({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation();
  const count = (value: number): string => value.toLocaleString('en-US');
  const columns: readonly Column<Step>[] = [
    {
      id: 'at',
      title: t('retention:simulate.at'),
      width: 160,
      text: ({ at }) => absoluteText(at),
      render: ({ at }) => <AbsoluteTime time={at} />,
      sortBy: ({ at }) => at,
    },
    {
      id: 'points',
      title: t('retention:simulate.points'),
      width: 90,
      align: 'right',
      text: ({ points }) => count(points),
    },
    {
      id: 'bytes',
      title: t('retention:simulate.bytes'),
      width: 110,
      align: 'right',
      text: ({ bytes }) => formatBytes(bytes),
      render: ({ bytes }) => <Bytes value={bytes} />,
    },
    {
      id: 'removed',
      title: t('retention:simulate.removed'),
      width: 120,
      align: 'right',
      text: ({ removed }) => count(removed),
    },
  ];
  return (
    <DataTable
      id="retention-forecast"
      label={t('retention:simulate.table')}
      columns={columns}
      rows={steps}
      rowKey={({ at }) => String(at)}
      maxHeight={240}
      empty={null}
    />
  );
}

function KeptTable({ kept, total }: { readonly kept: readonly Kept[]; readonly total: number }) {
  const { t } = useTranslation();
  const text = useText();
  const columns: readonly Column<Kept>[] = [
    {
      id: 'at',
      title: t('retention:preview.at'),
      width: 160,
      text: ({ startedAt }) => absoluteText(startedAt),
      render: ({ startedAt }) => <AbsoluteTime time={startedAt} />,
      sortBy: ({ startedAt }) => startedAt,
    },
    {
      id: 'type',
      title: t('retention:preview.type'),
      width: 90,
      text: ({ type }) => t(`backups:type.${type}`),
    },
    {
      id: 'bytes',
      title: t('retention:preview.bytes'),
      width: 90,
      align: 'right',
      text: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'why',
      title: t('retention:preview.why'),
      width: 420,
      text: ({ reasons }) => reasons.map(text).join(t('retention:preview.and')),
    },
  ];
  return (
    <DataTable
      id="retention-kept"
      label={t('retention:simulate.kept', { total })}
      columns={columns}
      rows={kept}
      rowKey={({ startedAt, type }) => `${startedAt} ${type}`}
      total={total}
      maxHeight={260}
      empty={null}
    />
  );
}
