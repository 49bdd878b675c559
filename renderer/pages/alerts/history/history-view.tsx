import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { FilterInput } from '../../../components/filter-input.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { saveText } from '../../../components/save-text.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { localeOf } from '../../../locales/index.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { alertPath, parseMatchers } from '../alert-address.ts';
import { useHistoryColumns } from './history-columns.tsx';
import type { Span } from './use-span.ts';

const PAGE = 500;

/** Every alert that was open in a span of time, to be filtered and exported. */
export function HistoryView({ span }: { readonly span: Span }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [params, setParams] = useSearchParams();
  const [error, setError] = useState<AppError | null>(null);
  const labels = params.get('labels') ?? '';
  const parsed = parseMatchers(labels);
  const matchers = [...(parsed ?? [])];
  const page = Math.max(0, Math.trunc(Number(params.get('page')) || 0));
  const filter = { from: span.from, to: span.to, matchers };
  const request = useRequest(
    'notify.history',
    { ...filter, limit: PAGE, offset: page * PAGE },
    { patient: true },
  );
  useEvent('alerts.changed', request.reload);
  const columns = useHistoryColumns();
  const set = (key: string, value: string): void =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace: true },
    );
  const save = async (format: 'csv' | 'ndjson'): Promise<void> => {
    const answer = await call('notify.history.export', {
      ...filter,
      format,
      locale: localeOf(i18n.language),
    });
    if (!answer.ok) return setError(answer.error);
    const saved = await saveText(`alerts.${format}`, answer.value.text);
    setError(saved.ok ? null : saved.error);
  };
  const tools = (
    <>
      <FilterInput
        className="input mono"
        size={30}
        aria-label={t('alerts:filter.labels')}
        aria-invalid={parsed === null}
        placeholder={t('alerts:filter.labelsExample')}
        value={labels}
        onText={(typed) => set('labels', typed)}
      />
      {parsed === null && <span className="field-error small">{t('alerts:filter.badLabels')}</span>}
      <Button title={t('alerts:history.exportAll')} onClick={() => void save('csv')}>
        <Icon name="download" /> {t('alerts:history.exportCsv')}
      </Button>
      <Button title={t('alerts:history.exportAll')} onClick={() => void save('ndjson')}>
        <Icon name="download" /> NDJSON
      </Button>
    </>
  );
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <RequestView request={request} rows={10}>
        {(data) => (
          <>
            <DataTable
              id="alert-history"
              label={t('alerts:table')}
              columns={columns}
              rows={data.records}
              rowKey={({ problem }) => `${problem.id}@${problem.since}`}
              total={data.total}
              defaultSort={{ column: 'since', descending: true }}
              onOpen={({ problem }) => void navigate(alertPath(problem.id, problem.since))}
              toolbar={tools}
              empty={<EmptyState title={t('alerts:noHistory')} body={t('alerts:noHistoryBody')} />}
            />
            {data.total > PAGE && (
              <div className="row">
                <Button disabled={page === 0} onClick={() => set('page', page === 1 ? '' : String(page - 1))}>
                  {t('alerts:history.newer')}
                </Button>
                <span className="soft figure">
                  {page * PAGE + 1}–{Math.min(data.total, (page + 1) * PAGE)} / {data.total}
                </span>
                <Button
                  disabled={(page + 1) * PAGE >= data.total}
                  onClick={() => set('page', String(page + 1))}
                >
                  {t('alerts:history.older')}
                </Button>
              </div>
            )}
          </>
        )}
      </RequestView>
    </>
  );
}
