import { lazy, Suspense } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useLogsTail } from '../../stores/logs.ts';
import { PatternsTab } from './analysis/patterns-tab.tsx';
import { LiveTab } from './live-tab.tsx';
import { NoSources } from './no-sources.tsx';
import { SearchTab } from './search-tab.tsx';
import { SourcesTab } from './sources/sources-tab.tsx';

// What is set up once comes in files of its own: somebody who searches does not wait for it.
const PipelinesTab = lazy(async () => ({
  default: (await import('./pipelines/pipelines-tab.tsx')).PipelinesTab,
}));
const RotationTab = lazy(async () => ({
  default: (await import('./rotation/rotation-tab.tsx')).RotationTab,
}));

/** The views of the page 日志, in their order; the first is the one without a word in the address. */
const logsTabs = ['search', 'patterns', 'live', 'sources', 'pipelines', 'rotation'] as const;
export type LogsTab = (typeof logsTabs)[number];

/** The view that the address names. */
export function tabOf(params: URLSearchParams): LogsTab {
  return logsTabs.find((known) => known === params.get('tab')) ?? 'search';
}

/** Parameters that every view understands; what else the address says is of one view only. */
const SHARED = ['q', 'levels', 'source', 'range', 'from', 'to', 'live', 'tail', 'fields'];

/** Links to the views; filters and time range go along, so that patterns and search show the same lines. */
export function LogsTabs({ tab }: { readonly tab: LogsTab }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const following = useLogsTail((state) => state.status === 'live');
  const to = (name: LogsTab): string => {
    const next = new URLSearchParams([...params].filter(([key]) => SHARED.includes(key)));
    if (name !== 'search') next.set('tab', name);
    const text = next.toString();
    return text === '' ? '/logs' : `/logs?${text}`;
  };
  return (
    <nav className="tabs" aria-label={t('logs:tabs.label')}>
      {logsTabs.map((name) => (
        <Link
          key={name}
          className="tab"
          to={to(name)}
          aria-current={name === tab ? 'page' : undefined}
          data-tab={name}
        >
          {t(`logs:tabs.${name}`)} {name === 'live' && following && <StateShape state="ok" size={9} />}
          {name === 'live' && following && (
            <span className="visually-hidden">{t('logs:live.status.live')}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

export type LogsViewProps = {
  readonly tab: LogsTab;
  /** Null while they are not known. */
  readonly sources: readonly LogSource[] | null;
  readonly onSourcesChanged: () => void;
};

/** The view of a tab; views that show lines say first when there is no source of lines. */
export function LogsView({ tab, sources, onSourcesChanged }: LogsViewProps) {
  if (tab === 'pipelines' || tab === 'rotation') {
    return (
      <Suspense fallback={<Skeleton rows={8} />}>
        {tab === 'pipelines' ? <PipelinesTab /> : <RotationTab />}
      </Suspense>
    );
  }
  if (sources === null) return <Skeleton rows={8} />;
  if (tab === 'sources') return <SourcesTab sources={sources} onChanged={onSourcesChanged} />;
  if (sources.length === 0) return <NoSources />;
  if (tab === 'patterns') return <PatternsTab sources={sources} />;
  return tab === 'live' ? <LiveTab /> : <SearchTab sources={sources} />;
}
