import type { RotationForecast } from '#shared/contract/logs-rotation-policy.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Bytes, Count } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** The space that a policy will need: a chart of bars and, in the same rows, the figures. */
export function ForecastView({ forecast }: { readonly forecast: RotationForecast }) {
  const { t } = useTranslation();
  const { points, basis, basisDays, bytesPerDay, ratio, fullInDays } = forecast;
  const most = Math.max(1, ...points.map(({ highBytes, totalBytes }) => Math.max(highBytes, totalBytes)));
  return (
    <div className="stack-small" data-testid="rotation-forecast">
      <p className="soft small">
        {basis === 'none'
          ? t('rotation:forecast.noBasis')
          : t('rotation:forecast.basis', {
              from: t(`rotation:forecast.from.${basis}`),
              days: Math.round(basisDays),
              rate: formatBytes(bytesPerDay),
              ratio: Math.round(ratio * 100),
            })}
      </p>
      {fullInDays !== null && (
        <StateBadge
          state={fullInDays <= 30 ? 'critical' : 'warning'}
          word={t('rotation:forecast.full', { days: Math.round(fullInDays) })}
        />
      )}
      <table className="plain-table">
        <caption className="visually-hidden">{t('rotation:forecast.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('rotation:forecast.in')}</th>
            <th scope="col" className="forecast-chart">
              {t('rotation:forecast.space')}
            </th>
            <th scope="col" className="right">
              {t('rotation:forecast.total')}
            </th>
            <th scope="col" className="right">
              {t('rotation:forecast.high')}
            </th>
            <th scope="col" className="right">
              {t('rotation:form.segments')}
            </th>
            <th scope="col" className="right">
              {t('rotation:forecast.free')}
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.days}>
              <td className="figure">{t('rotation:forecast.days', { days: point.days })}</td>
              <td className="forecast-chart" aria-hidden="true">
                <span className="forecast-bar high" style={{ width: `${(point.highBytes / most) * 100}%` }} />
                <span className="forecast-bar" style={{ width: `${(point.totalBytes / most) * 100}%` }} />
              </td>
              <td className="right">
                <Bytes value={point.totalBytes} />
              </td>
              <td className="right">
                <Bytes value={point.highBytes} />
              </td>
              <td className="right">
                <Count value={point.segments} />
              </td>
              <td className="right">{point.freeBytes === null ? '—' : <Bytes value={point.freeBytes} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
