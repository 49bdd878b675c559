import { useEffect, useState } from 'react';
import type { LogSource } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Icon } from '../../components/icon.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useConnection } from '../../stores/connection.ts';
import { isEngineAway, logsSearcher, useLogsSearch } from '../../stores/logs.ts';
import { type LogsSearch, SEARCH_PAGE } from '../../stores/logs-search.ts';
import { AlertOnSearch } from './analysis/alert-on-search.tsx';
import { FieldPanel } from './analysis/field-panel.tsx';
import { SavedSearches } from './analysis/saved-searches.tsx';
import { ClockSwitch } from './clock-switch.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { composeQuery, withCondition } from './log-filters.ts';
import { LogList } from './log-list.tsx';
import { NothingFound, type NothingFoundProps } from './nothing-found.tsx';
import { ResultLine } from './result-line.tsx';
import { ArchiveSearch } from './rotation/archive-search.tsx';
import { SearchLine } from './search-line.tsx';
import { useAddressFlag, useLogFilters, useRunSearch, useWrittenTimes } from './use-log-search.ts';

const BUCKETS = 100;

/** Search line, quick filters, histogram, fields, and the lines found. */
export function SearchTab({ sources }: { readonly sources: readonly LogSource[] }) {
  const { t } = useTranslation();
  const [filters, setFilters] = useLogFilters();
  const range = useTimeRange();
  const [reading, setReading] = useState(false);
  const [dialog, setDialog] = useState<'export' | 'alert' | 'archive' | null>(null);
  const [withFields, setWithFields] = useAddressFlag('fields');
  const [asWritten] = useWrittenTimes();
  const error = useLogsSearch((state) => state.error);
  const search = useLogsSearch((state) => state.search);
  const searchAgain = useRunSearch(filters, range, reading);
  // What is counted goes with what is found: whoever searches again means both.
  const [asked, setAsked] = useState(0);
  const again = (): void => {
    searchAgain();
    setAsked((count) => count + 1);
  };
  const query = composeQuery(filters);
  const searchFor = (condition: string): void =>
    setFilters({ ...filters, text: withCondition(filters.text, condition) });
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
      >
        <SavedSearches
          query={query}
          onOpen={(saved) => setFilters({ text: saved.query, levels: [], sources: [] })}
        />
      </SearchLine>
      <FilterBar filters={filters} sources={sources} onChange={setFilters} />
      {search && <Histogram search={search} corrected={!asWritten} onZoom={range.setSpan} />}
      <ResultLine reading={reading} live={range.live} onAgain={again}>
        <Button aria-pressed={withFields} onClick={() => setWithFields(!withFields)}>
          {t('logs:fields.open')}
        </Button>
        <ClockSwitch />
        <Button disabled={search === null} onClick={() => setDialog('archive')}>
          {t('rotation:archive.also')}
        </Button>
        <Button onClick={() => setDialog('alert')}>
          <Icon name="alerts" size={14} /> {t('logs:alert.open')}
        </Button>
        <Button disabled={search === null} onClick={() => setDialog('export')}>
          <Icon name="download" size={14} /> {t('logs:export.open')}
        </Button>
      </ResultLine>
      <div className="log-columns">
        {withFields && (
          <FieldPanel
            filters={filters}
            range={range}
            asked={asked}
            onSearchFor={searchFor}
            onClose={() => setWithFields(false)}
          />
        )}
        <Results
          query={query}
          text={filters.text}
          onText={(text) => setFilters({ ...filters, text })}
          onReading={setReading}
          onSearchFor={searchFor}
          onWiden={() => range.setNamed('30d')}
        />
      </div>
      {dialog === 'export' && search && <ExportDialog search={search} onClose={() => setDialog(null)} />}
      {dialog === 'archive' && search && (
        <Overlay title={t('rotation:archive.title')} onClose={() => setDialog(null)}>
          <ArchiveSearch query={query} span={{ start: search.start, end: search.end }} />
        </Overlay>
      )}
      {dialog === 'alert' && <AlertOnSearch query={query} onClose={() => setDialog(null)} />}
    </div>
  );
}

type HistogramProps = {
  readonly search: LogsSearch;
  readonly corrected: boolean;
  readonly onZoom: (start: number, end: number) => void;
};

function Histogram({ search, corrected, onZoom }: HistogramProps) {
  const { query, start, end } = search;
  const asked = { query, start, end, corrected, buckets: BUCKETS };
  const request = useRequest('logs.histogram', asked, { patient: true });
  if (request.data === null) {
    return request.error && !isEngineAway(request.error) ? (
      <ErrorNotice error={request.error} onRetry={request.reload} />
    ) : (
      <Skeleton rows={3} />
    );
  }
  return <HistogramChart histogram={request.data} start={start} end={end} onZoom={onZoom} />;
}

type ResultsProps = Pick<NothingFoundProps, 'text' | 'onText' | 'onWiden'> & {
  readonly query: string;
  readonly onReading: (reading: boolean) => void;
  readonly onSearchFor: (text: string) => void;
};

function Results({ query, text, onText, onReading, onSearchFor, onWiden }: ResultsProps) {
  const { t } = useTranslation();
  const client = useConnection((state) => state.client);
  const { events, total, answeredAt, loading, loadingMore, cursor, error } = useLogsSearch((state) => state);
  // An error is not tried again by itself: the button below the last line does that.
  const canLoad = client !== null && error === null && cursor !== null && !loading && !loadingMore;
  const paged = events.length > SEARCH_PAGE;
  const [listReading, setListReading] = useState(false);
  useEffect(() => onReading(listReading || paged), [listReading, paged, onReading]);
  if (answeredAt === null) return loading && error === null ? <Skeleton rows={12} /> : null;
  if (events.length === 0 && loading) return <Skeleton rows={12} />;
  if (total === 0) {
    return <NothingFound text={text} onText={onText} onWiden={onWiden} />;
  }
  return (
    <LogList
      label={t('logs:list.label')}
      events={events}
      query={query}
      onReading={setListReading}
      onSearchFor={onSearchFor}
      {...(canLoad ? { onEnd: () => void logsSearcher.more(client) } : {})}
      footer={<More />}
    />
  );
}

/** Below the last line: older ones are under way, can be fetched, or there are none. */
function More() {
  const { t } = useTranslation();
  const client = useConnection((state) => state.client);
  const { cursor, loadingMore, loading, events, total, exact } = useLogsSearch((state) => state);
  if (loading) return <div className="list-end soft">{t('logs:search.searching')}</div>;
  if (cursor === null) return <div className="list-end soft">{t('logs:search.end')}</div>;
  const count = exact ? Math.min(SEARCH_PAGE, Math.max(0, total - events.length)) : SEARCH_PAGE;
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
