import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Icon } from '../../components/icon.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { namedRanges, type TimeRangeControl, useTimeRange } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useConnection } from '../../stores/connection.ts';
import { isEngineAway, logsSearcher, useLogsSearch } from '../../stores/logs.ts';
import { type LogsSearch, SEARCH_PAGE } from '../../stores/logs-search.ts';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { composeQuery, type LogFilters, parseFilters, writeFilters } from './log-filters.ts';
import { LogList } from './log-list.tsx';
import { SearchLine } from './search-line.tsx';

const BUCKETS = 100;

/** The filters of the address and a way to change them. */
function useLogFilters(): readonly [LogFilters, (filters: LogFilters) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => parseFilters(params), [params]);
  const change = useCallback((next: LogFilters) => setParams((old) => writeFilters(old, next)), [setParams]);
  return [filters, change];
}

/**
 * Runs the search of the address: at once when it changes, and with the moving clock only while nobody reads, so
 * that no line moves under the reader's eyes.
 */
function useRunSearch(filters: LogFilters, range: TimeRangeControl, reading: boolean): () => void {
  const client = useConnection((state) => state.client);
  const query = composeQuery(filters);
  const text = filters.text.trim();
  const { start, end, name } = range;
  const [round, setRound] = useState(0);
  const identity = JSON.stringify([query, name ?? [start, end], round]);
  const asked = useRef('');
  useEffect(() => {
    if (client === null || (reading && asked.current === identity)) return;
    asked.current = identity;
    // A named range ends now, not when the page last looked at its clock.
    const now = Date.now();
    const window = name === null ? { start, end } : { start: now - namedRanges[name], end: now };
    void logsSearcher.search(client, { query, text, ...window, openEnd: name !== null });
  }, [client, identity, query, text, start, end, name, reading]);
  return useCallback(() => setRound((value) => value + 1), []);
}

/** Search line, quick filters, histogram, and the lines found. */
export function SearchTab({ sources }: { readonly sources: readonly LogSource[] }) {
  const { t } = useTranslation();
  const [filters, setFilters] = useLogFilters();
  const range = useTimeRange();
  const [reading, setReading] = useState(false);
  const [exporting, setExporting] = useState(false);
  const error = useLogsSearch((state) => state.error);
  const search = useLogsSearch((state) => state.search);
  const again = useRunSearch(filters, range, reading);
  const searchFor = (text: string): void =>
    setFilters({ ...filters, text: filters.text.trim() === '' ? text : `${filters.text.trim()} ${text}` });
  return (
    <div className="logs-view">
      <SearchLine
        label={t('logs:search.label')}
        placeholder={t('logs:search.placeholder')}
        submitLabel={t('logs:search.run')}
        text={filters.text}
        error={isEngineAway(error) ? null : error}
        onSubmit={(text) => {
          if (text === filters.text) again();
          else setFilters({ ...filters, text });
        }}
      />
      <FilterBar filters={filters} sources={sources} onChange={setFilters} />
      {search && <Histogram search={search} onZoom={range.setSpan} />}
      <ResultLine reading={reading} live={range.live} onAgain={again} onExport={() => setExporting(true)} />
      <Results onReading={setReading} onSearchFor={searchFor} onWiden={() => range.setNamed('30d')} />
      {exporting && search && <ExportDialog search={search} onClose={() => setExporting(false)} />}
    </div>
  );
}

type HistogramProps = {
  readonly search: LogsSearch;
  readonly onZoom: (start: number, end: number) => void;
};

function Histogram({ search, onZoom }: HistogramProps) {
  const { query, start, end } = search;
  const request = useRequest('logs.histogram', { query, start, end, buckets: BUCKETS });
  if (request.data === null) {
    return request.error && !isEngineAway(request.error) ? (
      <ErrorNotice error={request.error} onRetry={request.reload} />
    ) : (
      <Skeleton rows={3} />
    );
  }
  return <HistogramChart histogram={request.data} start={start} end={end} onZoom={onZoom} />;
}

type ResultLineProps = {
  readonly reading: boolean;
  readonly live: boolean;
  readonly onAgain: () => void;
  readonly onExport: () => void;
};

/** How many of how many, how old, and what can be done with them. */
function ResultLine({ reading, live, onAgain, onExport }: ResultLineProps) {
  const { t } = useTranslation();
  const { events, total, tookMs, answeredAt } = useLogsSearch((state) => state);
  if (answeredAt === null) return null;
  return (
    <div className="list-line">
      <strong className="figure" role="status" data-testid="log-shown">
        {t('logs:search.shown', {
          shown: events.length.toLocaleString('en-US'),
          total: total.toLocaleString('en-US'),
        })}
      </strong>
      <span className="soft figure">{t('logs:search.took', { ms: Math.max(1, Math.round(tookMs)) })}</span>
      <span className="soft figure">{t('logs:search.asOf', { time: absoluteText(answeredAt) })}</span>
      {live && <span className="soft">{t(reading ? 'logs:search.held' : 'logs:search.following')}</span>}
      <span className="spacer" />
      <Button kind="quiet" onClick={onAgain}>
        <Icon name="refresh" size={14} /> {t('logs:search.refresh')}
      </Button>
      <Button disabled={total === 0} onClick={onExport}>
        <Icon name="download" size={14} /> {t('logs:export.open')}
      </Button>
    </div>
  );
}

type ResultsProps = {
  readonly onReading: (reading: boolean) => void;
  readonly onSearchFor: (text: string) => void;
  readonly onWiden: () => void;
};

function Results({ onReading, onSearchFor, onWiden }: ResultsProps) {
  const { t } = useTranslation();
  const { events, total, answeredAt, loading } = useLogsSearch((state) => state);
  const error = useLogsSearch((state) => state.error);
  const paged = useLogsSearch((state) => state.events.length > SEARCH_PAGE);
  const [listReading, setListReading] = useState(false);
  useEffect(() => onReading(listReading || paged), [listReading, paged, onReading]);
  if (answeredAt === null) return loading && error === null ? <Skeleton rows={12} /> : null;
  if (total === 0) {
    return (
      <EmptyState
        title={t('logs:search.nothing')}
        body={t('logs:search.nothingBody')}
        action={<Button onClick={onWiden}>{t('logs:search.widen')}</Button>}
      />
    );
  }
  return (
    <LogList
      label={t('logs:list.label')}
      events={events}
      onReading={setListReading}
      onSearchFor={onSearchFor}
      footer={<More />}
    />
  );
}

/** Fetches older lines, or says that there are none. */
function More() {
  const { t } = useTranslation();
  const client = useConnection((state) => state.client);
  const { cursor, loadingMore, events, total } = useLogsSearch((state) => state);
  if (cursor === null) return <div className="list-end soft">{t('logs:search.end')}</div>;
  const count = Math.min(SEARCH_PAGE, Math.max(0, total - events.length));
  return (
    <div className="list-end">
      <Button
        disabled={client === null || loadingMore}
        onClick={() => client && void logsSearcher.more(client)}
      >
        {loadingMore ? t('logs:search.loadingMore') : t('logs:search.more', { count })}
      </Button>
    </div>
  );
}
