import type { ForecastStream, MetricsForecast } from '#shared/contract/metrics-settings.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Bytes, Count } from '../../components/figures.tsx';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';

/** Days in few digits: under ten with one place. */
function daysText(days: number): string {
  return days < 10 ? String(Number(days.toFixed(1))) : Math.round(days).toLocaleString('en-US');
}

function nameOf(t: Translate, { kind, name }: ForecastStream): string {
  if (kind === 'imported') return t('settings:storage.imported');
  if (kind === 'rollup') return t('settings:storage.rollup', { step: name });
  return name === '' ? t('settings:storage.ordinary') : t('settings:storage.ofClass', { name });
}

function outlook(t: Translate, forecast: MetricsForecast): string {
  const { steadyBytes, fullInDays, diskFullInDays, limitInDays } = forecast;
  if (steadyBytes === null) return t('settings:storage.noForecast');
  if (diskFullInDays !== null) return t('settings:storage.diskFull', { days: daysText(diskFullInDays) });
  if (limitInDays !== null) return t('settings:storage.limitReached', { days: daysText(limitInDays) });
  const bytes = formatBytes(steadyBytes);
  if (fullInDays === null || fullInDays === 0) return t('settings:storage.steady', { bytes });
  return t('settings:storage.willBe', { bytes, days: daysText(fullInDays) });
}

/** What metrics will take, and when, if the site goes on as it does. */
export function ForecastView({ forecast }: { readonly forecast: MetricsForecast }) {
  const { t } = useTranslation();
  const bad = forecast.diskFullInDays !== null;
  return (
    <>
      <p className={bad ? 'field-error' : undefined}>{outlook(t, forecast)}</p>
      {forecast.streams.length > 0 && (
        <table className="plain-table">
          <caption className="visually-hidden">{t('settings:storage.forecast')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('settings:storage.what')}</th>
              <th scope="col" className="right">
                {t('settings:storage.series')}
              </th>
              <th scope="col" className="right">
                {t('settings:storage.perSample')}
              </th>
              <th scope="col" className="right">
                {t('settings:storage.perDay')}
              </th>
              <th scope="col" className="right">
                {t('settings:storage.history')}
              </th>
              <th scope="col" className="right">
                {t('settings:storage.now')}
              </th>
              <th scope="col" className="right">
                {t('settings:storage.whenFull')}
              </th>
            </tr>
          </thead>
          <tbody>
            {forecast.streams.map((stream) => (
              <tr key={`${stream.kind} ${stream.name}`}>
                <td>{nameOf(t, stream)}</td>
                <td className="right">{stream.series === null ? '—' : <Count value={stream.series} />}</td>
                <td className="right">
                  {stream.bytesPerSample === null ? '—' : `${stream.bytesPerSample.toFixed(2)} B`}
                </td>
                <td className="right">
                  {stream.bytesPerDay === null ? '—' : <Bytes value={stream.bytesPerDay} />}
                </td>
                <td className="right">
                  {stream.keepDays === null
                    ? daysText(stream.coveredDays)
                    : t('settings:storage.ofDays', {
                        days: daysText(stream.coveredDays),
                        keep: daysText(stream.keepDays),
                      })}
                </td>
                <td className="right">
                  <Bytes value={stream.bytes} />
                </td>
                <td className="right">
                  {stream.steadyBytes === null ? '—' : <Bytes value={stream.steadyBytes} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
