import type { Overview } from '#shared/contract/site.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const HEIGHT = 56;
const BAR = 10;

/** Errors in the logs per hour of the last day, as bars; the same figures as a table for those who cannot see them. */
export function LogErrors({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const hours = overview.logErrorsPerHour;
  const total = hours.reduce((sum, hour) => sum + hour.errors, 0);
  const most = Math.max(1, ...hours.map((hour) => hour.errors));
  if (overview.checked.logSources === 0) {
    return (
      <Panel title={t('overview:errors.title')}>
        <EmptyState
          title={t('overview:errors.noSources')}
          body={t('overview:errors.noSourcesBody')}
          action={
            <PageLink className="btn" to="/logs/sources/add">
              {t('overview:errors.add')}
            </PageLink>
          }
        />
      </Panel>
    );
  }
  return (
    <Panel
      title={t('overview:errors.title')}
      extra={
        <PageLink to="/logs?levels=error,fatal&range=24h">
          {t('overview:errors.total', { count: total })}
        </PageLink>
      }
    >
      {total === 0 ? (
        <p className="soft">{t('overview:errors.none')}</p>
      ) : (
        <>
          <svg
            className="error-bars"
            viewBox={`0 0 ${hours.length * BAR} ${HEIGHT}`}
            preserveAspectRatio="none"
            height={HEIGHT}
            aria-hidden="true"
          >
            {hours.map((hour, index) => {
              const height = (hour.errors / most) * (HEIGHT - 2);
              return (
                <rect key={hour.hour} x={index * BAR + 1} y={HEIGHT - height} width={BAR - 2} height={height}>
                  <title>{`${absoluteText(hour.hour)} · ${hour.errors}`}</title>
                </rect>
              );
            })}
          </svg>
          <table className="visually-hidden">
            <caption>{t('overview:errors.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('overview:errors.hour')}</th>
                <th scope="col">{t('overview:errors.count')}</th>
              </tr>
            </thead>
            <tbody>
              {hours.map((hour) => (
                <tr key={hour.hour}>
                  <th scope="row">{absoluteText(hour.hour)}</th>
                  <td>{hour.errors}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Panel>
  );
}
