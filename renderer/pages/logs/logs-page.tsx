import { Link, useSearchParams } from 'react-router';
import type { LogSource } from '#shared/contract/logs.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isEngineAway } from '../../stores/logs.ts';
import { LogsTabs, LogsView, tabOf } from './logs-tabs.tsx';

const SOURCES_EVERY_MS = 5_000;

/** The lines that were found, what they have in common, what comes in, and how it is collected, changed and kept. */
export function LogsPage() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const tab = tabOf(params);
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
      <LogsTabs tab={tab} />
      {request.error && !isEngineAway(request.error) && (
        <ErrorNotice error={request.error} onRetry={request.reload} />
      )}
      <LogsView tab={tab} sources={sources} onSourcesChanged={request.reload} />
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
