import { formatBytes } from '#shared/units/bytes.ts';
import { AbsoluteTime, Bytes, Count } from '../../components/figures.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useSite } from '../../stores/site.ts';
import { ForecastView } from './forecast-view.tsx';
import { RetentionForm } from './retention-form.tsx';

/** Where the data is, and how much of it there is. */
export function StorageSection() {
  const { t } = useTranslation();
  const status = useSite((state) => state.status);
  const stats = useRequest('metrics.stats', {}, { refreshMs: 30_000 });
  const forecast = useRequest('metrics.forecast', {}, { refreshMs: 60_000 });
  const settings = useRequest('metrics.settings.get', {});
  return (
    <RequestView request={stats}>
      {(data) => (
        <div className="stack">
          <dl className="facts">
            {status && (
              <>
                <dt>{t('settings:storage.folder')}</dt>
                <dd className="mono">{status.engine.dataDir}</dd>
                <dt>{t('settings:storage.disk')}</dt>
                <dd>
                  {t('settings:storage.diskValue', {
                    free: formatBytes(status.disk.freeBytes),
                    total: formatBytes(status.disk.totalBytes),
                  })}
                </dd>
              </>
            )}
            <dt>{t('settings:storage.metrics')}</dt>
            <dd>
              {t('settings:storage.metricsValue', {
                bytes: formatBytes(data.bytes),
                series: data.series.toLocaleString('en-US'),
                samples: (data.headSamples + data.sealedSamples).toLocaleString('en-US'),
              })}{' '}
              <PageLink to="/metrics/space">{t('metrics:space')}</PageLink>
            </dd>
          </dl>
          <h3>{t('settings:storage.retention')}</h3>
          <RequestView request={settings}>
            {(kept) => (
              <RetentionForm
                initial={kept}
                onSaved={() => {
                  stats.reload();
                  forecast.reload();
                }}
              />
            )}
          </RequestView>
          <h3>{t('settings:storage.forecast')}</h3>
          <RequestView request={forecast}>{(known) => <ForecastView forecast={known} />}</RequestView>
          <h3>{t('settings:storage.partitionTable')}</h3>
          {data.partitions.length === 0 ? (
            <p className="soft">{t('settings:storage.noPartitions')}</p>
          ) : (
            <table className="plain-table">
              <caption className="visually-hidden">{t('settings:storage.partitionTable')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('settings:storage.file')}</th>
                  <th scope="col">{t('settings:storage.from')}</th>
                  <th scope="col">{t('settings:storage.to')}</th>
                  <th scope="col" className="right">
                    {t('settings:storage.series')}
                  </th>
                  <th scope="col" className="right">
                    {t('settings:storage.samples')}
                  </th>
                  <th scope="col" className="right">
                    {t('settings:storage.bytes')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.partitions.map((part) => (
                  <tr key={part.file}>
                    <td className="mono">{part.file}</td>
                    <td>
                      <AbsoluteTime time={part.start} />
                    </td>
                    <td>
                      <AbsoluteTime time={part.end} />
                    </td>
                    <td className="right">
                      <Count value={part.series} />
                    </td>
                    <td className="right">
                      <Count value={part.samples} />
                    </td>
                    <td className="right">
                      <Bytes value={part.bytes} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </RequestView>
  );
}
