import { EmptyState } from '../components/empty-state.tsx';
import { PageLink } from '../components/page-link.tsx';
import { RequestView } from '../components/request-view.tsx';
import { absoluteText } from '../components/time.ts';
import { useRequest } from '../components/use-request.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { LevelMark } from '../pages/logs/level-mark.tsx';
import type { PanelViewProps } from './panel-types.ts';

/** Lines longer than this are cut; the logs page has them whole. */
const LONGEST = 400;

/** The newest lines that a search finds. */
export function LogsPanel({ panel, data }: PanelViewProps<'logs'>) {
  const { t } = useTranslation();
  const query = data.fill(panel.query);
  const request = useRequest(
    'logs.search',
    { query, start: Math.round(data.start), end: Math.round(data.end), limit: panel.limit },
    { subject: query, patient: true, enabled: data.alive },
  );
  if (!data.alive && request.data === null) return null;
  return (
    <RequestView request={request} rows={6}>
      {({ events, total }) => {
        const ordered = panel.oldestFirst ? [...events].reverse() : events;
        if (ordered.length === 0)
          return (
            <EmptyState title={t('dashboards:panel.noLines')} body={t('dashboards:panel.noLinesBody')} />
          );
        return (
          <>
            <ul className="panel-logs" data-wrap={panel.wrap} aria-label={data.title}>
              {ordered.map((event) => (
                <li key={event.id} className="panel-log">
                  <span className="figure soft" title={event.source}>
                    {absoluteText(event.correctedTime ?? event.time).slice(5)}
                    {event.correctedTime !== undefined &&
                      ` ${t('logs:clock.written', { time: absoluteText(event.time).slice(11) })}`}
                  </span>
                  <LevelMark level={event.level} />
                  <span className="panel-log-text">{event.message.slice(0, LONGEST)}</span>
                </li>
              ))}
            </ul>
            {total > ordered.length && (
              <p className="soft small figure">
                {t('dashboards:panel.linesShown', {
                  shown: ordered.length.toLocaleString('en-US'),
                  total: total.toLocaleString('en-US'),
                })}{' '}
                <PageLink to={`/logs?q=${encodeURIComponent(query)}`}>
                  {t('dashboards:panel.openLogs')}
                </PageLink>
              </p>
            )}
          </>
        );
      }}
    </RequestView>
  );
}
