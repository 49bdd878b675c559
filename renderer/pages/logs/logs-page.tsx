import { Link, useSearchParams } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isEngineAway, useLogsTail } from '../../stores/logs.ts';
import { LiveTab } from './live-tab.tsx';
import { NoSources } from './no-sources.tsx';
import { SearchTab } from './search-tab.tsx';
import { SourcesTab } from './sources-tab.tsx';

const tabs = ['search', 'live', 'sources'] as const;
type Tab = (typeof tabs)[number];

const SOURCES_EVERY_MS = 5_000;

/** Search line, histogram and lines; the live tail; the sources. */
export function LogsPage() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const tab: Tab = tabs.find((known) => known === params.get('tab')) ?? 'search';
  const request = useRequest('logs.sources.list', {}, { refreshMs: SOURCES_EVERY_MS });
  useEvent('logs.sources.changed', request.reload);
  const sources = request.data?.sources ?? null;
  return (
    <div className="page logs-page">
      <PageHeader
        title={t('logs:title')}
        summary={sources && sources.length > 0 && <Summary sources={sources} />}
        actions={
          <>
            <PageLink className="btn" to="/metrics">
              {t('logs:openMetrics')}
            </PageLink>
            <Link className="btn" to="/logs/sources/add">
              {t('logs:sources.add')}
            </Link>
          </>
        }
      />
      <Tabs tab={tab} />
      {request.error && !isEngineAway(request.error) && (
        <ErrorNotice error={request.error} onRetry={request.reload} />
      )}
      {sources === null && <Skeleton rows={8} />}
      {sources !== null && tab === 'sources' && <SourcesTab sources={sources} onChanged={request.reload} />}
      {sources !== null && sources.length === 0 && tab !== 'sources' && <NoSources />}
      {sources !== null && sources.length > 0 && tab === 'search' && <SearchTab sources={sources} />}
      {sources !== null && sources.length > 0 && tab === 'live' && <LiveTab />}
    </div>
  );
}

function Summary({ sources }: { readonly sources: readonly LogSource[] }) {
  const { t } = useTranslation();
  const now = useNow(SOURCES_EVERY_MS);
  const lines = sources.reduce((sum, source) => sum + source.lines, 0);
  const last = sources.reduce((newest, source) => Math.max(newest, source.lastEventAt ?? 0), 0);
  return (
    <span className="soft figure">
      {t('logs:summary', { sources: sources.length, lines: lines.toLocaleString('en-US') })}
      {last > 0 && ` · ${t('logs:summaryLast', { age: relativeText(t, last, now) })}`}
    </span>
  );
}

/** The three views; each keeps the address of its own. */
function Tabs({ tab }: { readonly tab: Tab }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const following = useLogsTail((state) => state.status === 'live');
  const to = (name: Tab): string => {
    const next = new URLSearchParams(params);
    if (name === 'search') next.delete('tab');
    else next.set('tab', name);
    return `/logs?${next.toString()}`;
  };
  return (
    <nav className="tabs" aria-label={t('logs:tabs.label')}>
      {tabs.map((name) => (
        <Link key={name} className="tab" to={to(name)} aria-current={name === tab ? 'page' : undefined}>
          {t(`logs:tabs.${name}`)} {name === 'live' && following && <StateShape state="ok" size={9} />}
          {name === 'live' && following && (
            <span className="visually-hidden">{t('logs:live.status.live')}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
