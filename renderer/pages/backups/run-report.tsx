import { Link } from 'react-router';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { AbsoluteTime, Bytes, Count, Duration } from '../../components/figures.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PathText } from '../../wizards/path-text.tsx';
import { MetadataFacts } from './metadata-facts.tsx';
import { RunStepsView } from './run-steps.tsx';
import { pointPath } from './use-backups.ts';
import { VerifyReportView } from './verify-report.tsx';

type Skipped = ListedPoint['report']['skipped'][number];

/** What a run kept and what it did not, by name; then what verification found. */
export function RunReportView({ point }: { readonly point: ListedPoint }) {
  const { t } = useTranslation();
  const { report } = point;
  return (
    <div className="stack-small">
      <dl className="facts">
        <dt>{t('backups:points.at')}</dt>
        <dd>
          <AbsoluteTime time={point.startedAt} />
        </dd>
        <dt>{t('backups:points.duration')}</dt>
        <dd>
          <Duration ms={report.durationMs} />
        </dd>
        <dt>{t('backups:points.files')}</dt>
        <dd>
          <Count value={report.files} />
        </dd>
        <dt>{t('backups:point.directories')}</dt>
        <dd>
          <Count value={report.directories} />
        </dd>
        <dt>{t('backups:point.symlinks')}</dt>
        <dd>
          <Count value={report.symlinks} /> · {t('backups:point.hardLinks')}{' '}
          <Count value={report.hardLinks} /> · {t('backups:point.special')} <Count value={report.special} />
        </dd>
        <dt>{t('backups:points.bytes')}</dt>
        <dd>
          <Bytes value={report.bytes} /> → <Bytes value={report.storedBytes} />
        </dd>
        <dt>{t('backups:point.excluded')}</dt>
        <dd>
          <Count value={report.excluded} />
        </dd>
        <MetadataFacts report={report} />
        <ChainFacts point={point} />
        <dt>{t('backups:points.archive')}</dt>
        <dd className="mono">{point.archivePath}</dd>
      </dl>
      {report.steps && <RunStepsView steps={report.steps} />}
      <SkippedList skipped={report.skipped} total={report.skippedTotal} />
      <VerifyReportView point={point} />
    </div>
  );
}

/** Why the run made this type, what it compared, and how the point stands in its chain. */
function ChainFacts({ point }: { readonly point: ListedPoint }) {
  const { t } = useTranslation();
  const text = useText();
  const { report, chain } = point;
  return (
    <>
      {report.unchanged !== undefined && (
        <>
          <dt>{t('backups:point.unchanged')}</dt>
          <dd>
            <Count value={report.unchanged} />
          </dd>
        </>
      )}
      {report.gone !== undefined && (
        <>
          <dt>{t('backups:point.gone')}</dt>
          <dd>
            <Count value={report.gone} />
          </dd>
        </>
      )}
      {report.reasons !== undefined && report.reasons.length > 0 && (
        <>
          <dt>{t('backups:point.reasons')}</dt>
          <dd>
            {report.reasons.map((reason) => (
              <div key={reason.en}>{text(reason)}</div>
            ))}
          </dd>
        </>
      )}
      {point.parentId !== null && (
        <>
          <dt>{t('backups:point.parent')}</dt>
          <dd>
            <ParentLink pointId={point.parentId} />
          </dd>
        </>
      )}
      <dt>{t('backups:point.chain')}</dt>
      <dd>
        <div>{t('backups:point.chainLength', { count: chain.length })}</div>
        {chain.neededBy > 0 && <div>{t('backups:point.neededBy', { count: chain.neededBy })}</div>}
        {chain.brokenBy !== null && chain.brokenBy !== point.id && (
          <div className="state-critical">{t('backups:point.brokenBy', { id: chain.brokenBy })}</div>
        )}
      </dd>
    </>
  );
}

/** The point before in the chain, by its time; by its id until the time is known, or when it is gone. */
function ParentLink({ pointId }: { readonly pointId: string }) {
  const { data } = useRequest('backup.points.get', { pointId });
  return (
    <Link to={pointPath(pointId)} className={data === null ? 'mono' : 'figure'}>
      {data === null ? pointId : absoluteText(data.startedAt)}
    </Link>
  );
}

function SkippedList({ skipped, total }: { readonly skipped: readonly Skipped[]; readonly total: number }) {
  const { t } = useTranslation();
  const text = useText();
  if (total === 0) return <StateBadge state="ok" word={t('backups:point.nothingSkipped')} />;
  const columns: readonly Column<Skipped>[] = [
    {
      id: 'path',
      title: t('backups:point.path'),
      width: 200,
      text: (entry) => entry.path,
      render: (entry) => <PathText path={entry.path} />,
    },
    { id: 'why', title: t('backups:point.why'), width: 200, text: (entry) => text(entry.error.message) },
  ];
  return (
    <>
      <StateBadge
        state="warning"
        word={t('backups:point.skippedTitle', { count: total.toLocaleString('en-US') })}
      />
      <DataTable
        id="skipped"
        label={t('backups:point.skippedTitle', { count: total })}
        columns={columns}
        rows={skipped}
        rowKey={(entry) => entry.path}
        total={total}
        maxHeight={200}
        empty={null}
      />
    </>
  );
}
