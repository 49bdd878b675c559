import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AuditRecord } from '#shared/contract/audit.ts';
import { Button } from '../../../components/button.tsx';
import { DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { SpanBar } from '../../alerts/history/span-bar.tsx';
import { useSpan } from '../../alerts/history/use-span.ts';
import { useAuditColumns } from './audit-columns.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { filterOf, isFiltered, withFilter, withoutFilter } from './filter-address.ts';
import { RecordDetail } from './record-detail.tsx';
import { useLongRequest } from './use-long-request.ts';
import { VerifyPanel } from './verify-panel.tsx';

const PAGE = 500;

/** Who did what: the trail with its filter, one record in full, its proof, and a copy for elsewhere. */
export function AuditPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const span = useSpan('30d');
  const filter = filterOf(params);
  const before = Number(params.get('before')) || null;
  const request = useRequest(
    'audit.list',
    {
      ...filter,
      from: span.from,
      // A usual span ends now: what was done a moment ago is in it.
      ...(span.name === null ? { to: span.to } : {}),
      ...(before === null ? {} : { before }),
      limit: PAGE,
    },
    { refreshMs: 10_000, patient: true },
  );
  const verifying = useLongRequest('audit.verify');
  const [exporting, setExporting] = useState(false);
  const [opened, setOpened] = useState<AuditRecord | null>(null);
  const columns = useAuditColumns();
  const turn = (to: number | null): void =>
    setParams((old) => withFilter(old, 'before', to === null ? '' : String(to)));
  return (
    <div className="page">
      <PageHeader
        title={t('audit:title')}
        summary={t('audit:body')}
        actions={
          <>
            <Button disabled={verifying.progress !== null} onClick={() => void verifying.start({})}>
              {t('audit:verify')}
            </Button>
            <Button onClick={() => setExporting(true)}>{t('audit:export')}</Button>
          </>
        }
      />
      <VerifyPanel verifying={verifying} />
      <RequestView request={request} rows={10}>
        {(data) => (
          <>
            <DataTable
              id="audit"
              label={t('audit:table')}
              columns={columns}
              rows={data.records}
              rowKey={({ n }) => String(n)}
              total={data.total}
              defaultSort={{ column: 'at', descending: true }}
              onOpen={setOpened}
              noFilter
              toolbar={
                <>
                  <SpanBar span={span} />
                  <AuditFilters people={data.people} actions={data.actions} />
                </>
              }
              empty={
                isFiltered(params) || data.people.length > 0 ? (
                  <EmptyState
                    title={t('audit:noMatch')}
                    action={
                      <Button onClick={() => setParams(withoutFilter)}>{t('audit:filter.clear')}</Button>
                    }
                  />
                ) : (
                  <EmptyState title={t('audit:empty')} body={t('audit:emptyBody')} />
                )
              }
            />
            {(before !== null || data.records.length === PAGE) && (
              <div className="row">
                <Button disabled={before === null} onClick={() => turn(null)}>
                  {t('audit:newest')}
                </Button>
                <Button
                  disabled={data.records.length < PAGE}
                  onClick={() => turn(data.records.at(-1)?.n ?? null)}
                >
                  {t('audit:older')}
                </Button>
              </div>
            )}
          </>
        )}
      </RequestView>
      {opened !== null && <RecordDetail record={opened} onClose={() => setOpened(null)} />}
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </div>
  );
}
