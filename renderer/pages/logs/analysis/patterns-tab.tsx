import { useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import type { LogPattern } from '#shared/contract/logs-search.ts';
import { Sparkline } from '../../../charts/sparkline.tsx';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { AbsoluteTime, Count } from '../../../components/figures.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { relativeText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTimeRange } from '../../../components/use-time-range.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FilterBar } from '../filter-bar.tsx';
import { LevelMark } from '../level-mark.tsx';
import { levelsBySeverity, withCondition, writeFilters } from '../log-filters.ts';
import { SearchLine } from '../search-line.tsx';
import { useAddressFlag, useLogFilters, useStillWindow } from '../use-log-search.ts';
import { PatternText } from './pattern-text.tsx';

/** What the lines found say, with what varies taken out: thousands of lines become a page, and what is new stands out. */
export function PatternsTab({ sources }: { readonly sources: readonly LogSource[] }) {
  const { t } = useTranslation();
  const [filters, setFilters] = useLogFilters();
  const range = useTimeRange();
  const [onlyNew, setOnlyNew] = useAddressFlag('new');
  const [window, again] = useStillWindow(filters, range);
  const request = useRequest('logs.patterns', {
    ...window,
    limit: 500,
    ...(onlyNew ? { newSince: window.start } : {}),
  });
  return (
    <div className="logs-view">
      <SearchLine
        label={t('logs:search.label')}
        placeholder={t('logs:search.placeholder')}
        submitLabel={t('logs:patterns.run')}
        text={filters.text}
        error={null}
        onSubmit={(text) => {
          if (text === filters.text) again();
          else setFilters({ ...filters, text });
        }}
      />
      <FilterBar filters={filters} sources={sources} onChange={setFilters} />
      <RequestView request={request} rows={10}>
        {({ events, patterns, more, rememberedSince }) => (
          <>
            <p className="soft figure" role="status">
              {t('logs:patterns.over', {
                patterns: (patterns.length + more.patterns).toLocaleString('en-US'),
                events: events.toLocaleString('en-US'),
              })}
              {more.patterns > 0 &&
                ` ${t('logs:patterns.more', {
                  shown: patterns.length.toLocaleString('en-US'),
                  events: more.events.toLocaleString('en-US'),
                })}`}
              {rememberedSince === null && ` ${t('logs:patterns.noMemory')}`}
            </p>
            <PatternTable
              patterns={patterns}
              total={patterns.length + more.patterns}
              events={events}
              start={window.start}
              rememberedSince={rememberedSince}
              onlyNew={onlyNew}
              onOnlyNew={setOnlyNew}
              onAgain={again}
              onSearch={(condition) =>
                setFilters({ ...filters, text: withCondition(filters.text, condition) })
              }
            />
          </>
        )}
      </RequestView>
    </div>
  );
}

type PatternTableProps = {
  readonly patterns: readonly LogPattern[];
  readonly total: number;
  readonly events: number;
  readonly start: number;
  readonly rememberedSince: number | null;
  readonly onlyNew: boolean;
  readonly onOnlyNew: (on: boolean) => void;
  readonly onAgain: () => void;
  readonly onSearch: (condition: string) => void;
};

/** Whether the console saw a pattern for the first time in the window, and had been looking before it began. */
function isNewPattern(
  pattern: Pick<LogPattern, 'knownSince'>,
  start: number,
  rememberedSince: number | null,
): boolean {
  return (
    pattern.knownSince !== null &&
    pattern.knownSince >= start &&
    rememberedSince !== null &&
    rememberedSince < start
  );
}

function PatternTable(props: PatternTableProps) {
  const { t } = useTranslation();
  const { patterns, events, start, rememberedSince } = props;
  const [opened, setOpened] = useState<LogPattern | null>(null);
  const columns = useMemo((): readonly Column<LogPattern>[] => {
    const isNew = (pattern: LogPattern): boolean => isNewPattern(pattern, start, rememberedSince);
    return [
      {
        id: 'new',
        title: t('logs:patterns.state'),
        width: 84,
        text: (pattern) => t(isNew(pattern) ? 'logs:patterns.isNew' : 'logs:patterns.known'),
        render: (pattern) =>
          isNew(pattern) ? (
            <StateBadge state="warning" word={t('logs:patterns.isNew')} />
          ) : (
            <span className="soft">{t('logs:patterns.known')}</span>
          ),
        sortBy: (pattern) => (isNew(pattern) ? 0 : 1),
      },
      {
        id: 'count',
        title: t('logs:patterns.count'),
        width: 90,
        align: 'right',
        text: (pattern) => pattern.count.toLocaleString('en-US'),
        sortBy: (pattern) => pattern.count,
      },
      {
        id: 'share',
        title: t('logs:patterns.share'),
        width: 70,
        align: 'right',
        text: (pattern) => `${events === 0 ? 0 : Math.round((pattern.count / events) * 1000) / 10} %`,
        sortBy: (pattern) => pattern.count,
      },
      {
        id: 'level',
        title: t('logs:list.level'),
        width: 80,
        text: (pattern) => t(`logs:level.${worst(pattern)}`),
        render: (pattern) => <LevelMark level={worst(pattern)} />,
        sortBy: (pattern) => levelsBySeverity.indexOf(worst(pattern)),
      },
      {
        id: 'spark',
        title: t('logs:patterns.spark'),
        width: 120,
        text: (pattern) => pattern.spark.join(' '),
        render: (pattern) => (
          <Sparkline values={pattern.spark} label={t('logs:patterns.sparkLabel')} height={20} />
        ),
      },
      {
        id: 'template',
        title: t('logs:patterns.template'),
        width: 520,
        text: (pattern) => pattern.template,
        render: (pattern) => <PatternText template={pattern.template} />,
        sortBy: (pattern) => pattern.template,
      },
      {
        id: 'last',
        title: t('logs:patterns.last'),
        width: 100,
        text: (pattern) => relativeText(t, pattern.lastTime, Date.now()),
        sortBy: (pattern) => pattern.lastTime,
      },
    ];
  }, [t, events, start, rememberedSince]);
  return (
    <>
      <DataTable
        id="log-patterns"
        label={t('logs:patterns.title')}
        columns={columns}
        rows={patterns}
        rowKey={(pattern) => pattern.id}
        total={props.total}
        onOpen={setOpened}
        defaultSort={{ column: 'count', descending: true }}
        toolbar={
          <>
            <label className="row">
              <input
                type="checkbox"
                checked={props.onlyNew}
                onChange={(event) => props.onOnlyNew(event.target.checked)}
              />
              {t('logs:patterns.onlyNew')}
            </label>
            <Button kind="quiet" onClick={props.onAgain}>
              <Icon name="refresh" size={14} /> {t('logs:search.refresh')}
            </Button>
          </>
        }
        empty={
          <EmptyState
            title={t(props.onlyNew ? 'logs:patterns.noneNew' : 'logs:search.nothing')}
            body={t(props.onlyNew ? 'logs:patterns.noneNewBody' : 'logs:search.nothingBody')}
          />
        }
      />
      {opened && <PatternDrawer pattern={opened} onClose={() => setOpened(null)} onSearch={props.onSearch} />}
    </>
  );
}

function worst(pattern: LogPattern): (typeof levelsBySeverity)[number] {
  return levelsBySeverity.find((level) => (pattern.counts[level] ?? 0) > 0) ?? 'unknown';
}

type PatternDrawerProps = {
  readonly pattern: LogPattern;
  readonly onClose: () => void;
  readonly onSearch: (condition: string) => void;
};

/** One pattern: how often, by which level, since when, an example, and its lines. */
function PatternDrawer({ pattern, onClose, onSearch }: PatternDrawerProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const linesAddress = (): string => {
    const next = writeFilters(params, { text: pattern.query, levels: [], sources: [] });
    next.delete('tab');
    next.delete('new');
    return `/logs?${next.toString()}`;
  };
  return (
    <Overlay title={t('logs:patterns.one')} onClose={onClose}>
      <p>
        <PatternText template={pattern.template} />
      </p>
      <dl className="facts">
        <dt>{t('logs:patterns.count')}</dt>
        <dd>
          <Count value={pattern.count} />
        </dd>
        {levelsBySeverity.map((level) =>
          (pattern.counts[level] ?? 0) === 0 ? null : (
            <div key={level} className="contents">
              <dt>
                <LevelMark level={level} />
              </dt>
              <dd>
                <Count value={pattern.counts[level] ?? 0} />
              </dd>
            </div>
          ),
        )}
        <dt>{t('logs:tabs.sources')}</dt>
        <dd>{pattern.sources.join(' · ')}</dd>
        <dt>{t('logs:patterns.first')}</dt>
        <dd>
          <AbsoluteTime time={pattern.firstTime} />
        </dd>
        <dt>{t('logs:patterns.last')}</dt>
        <dd>
          <AbsoluteTime time={pattern.lastTime} />
        </dd>
        <dt>{t('logs:patterns.knownSince')}</dt>
        <dd>{pattern.knownSince === null ? '—' : <AbsoluteTime time={pattern.knownSince} />}</dd>
      </dl>
      <div>
        <strong>{t('logs:patterns.sample')}</strong>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className="log-raw" tabIndex={0}>
          {pattern.sample.raw}
        </pre>
      </div>
      <div className="row">
        <Button kind="primary" onClick={() => void navigate(linesAddress())}>
          {t('logs:patterns.showLines')}
        </Button>
        <Button
          onClick={() => {
            onClose();
            onSearch(`NOT (${pattern.query})`);
          }}
        >
          {t('logs:patterns.hide')}
        </Button>
      </div>
    </Overlay>
  );
}
