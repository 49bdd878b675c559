import { type ReactNode, useLayoutEffect } from 'react';
import { formatBytes } from '#shared/units/bytes.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/page-header.tsx';
import { StaleMark } from '../../components/request-view.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { fullestDisk, metricOf, newest, onlySeries, usedShare } from './live-values.ts';
import { useLiveValues } from './use-live-values.ts';

/** CPU, memory, disk, network and load of this workstation, with their trend over the time range. */
export function WorkstationTiles() {
  const { t } = useTranslation();
  const live = useLiveValues();
  const cpu = newest(onlySeries(live.cpu));
  const totals = metricOf(live.gauges, 'node_memory_MemTotal_bytes')[0]?.values ?? [];
  const memoryUsed = usedShare(
    metricOf(live.gauges, 'node_memory_MemAvailable_bytes')[0]?.values ?? [],
    totals,
  );
  const memory = newest(memoryUsed);
  const memoryTotal = newest(totals);
  const loads = metricOf(live.gauges, 'node_load1')[0]?.values ?? [];
  const load = newest(loads);
  const receive = newest(onlySeries(live.receive));
  const transmit = newest(onlySeries(live.transmit));
  const disk = fullestDisk(
    metricOf(live.gauges, 'node_filesystem_avail_bytes'),
    metricOf(live.gauges, 'node_filesystem_size_bytes'),
  );
  useUsefulPaint(memory !== null && load !== null && disk !== null);
  // A rate needs two samples; everything else needs one.
  const first = memory === null ? t('overview:live.first') : '';
  const second = first || t('overview:live.waiting');
  return (
    <Panel
      title={t('overview:live.title')}
      extra={<StaleMark request={live.request} />}
      className="live-panel"
    >
      {live.request.error && live.request.error.code !== 'ENGINE_GONE' && (
        <ErrorNotice error={live.request.error} onRetry={live.request.reload} />
      )}
      <div className="tiles" data-testid="live-tiles">
        <Tile
          name={t('overview:live.cpu')}
          value={cpu === null ? null : percent(cpu)}
          note={cpu === null ? second : ''}
          trend={<Trend name={t('overview:live.cpu')} values={onlySeries(live.cpu)} max={1} />}
        />
        <Tile
          name={t('overview:live.memory')}
          value={memory === null ? null : percent(memory)}
          note={memoryTotal === null ? first : t('overview:live.of', { total: formatBytes(memoryTotal) })}
          trend={<Trend name={t('overview:live.memory')} values={memoryUsed} max={1} />}
        />
        <Tile
          name={t('overview:live.disk')}
          value={disk === null ? null : percent(1 - disk.availBytes / disk.sizeBytes)}
          note={
            disk === null
              ? first
              : `${t('overview:live.of', { total: formatBytes(disk.sizeBytes) })} · ${t('overview:live.fullest', { mountpoint: disk.mountpoint })}`
          }
          trend={<Trend name={t('overview:live.disk')} values={disk?.used ?? []} max={1} />}
        />
        <Tile
          name={t('overview:live.network')}
          value={receive === null ? null : `${formatBytes(receive)}/s`}
          note={
            receive === null || transmit === null
              ? second
              : t('overview:live.transmit', { rate: `${formatBytes(transmit)}/s` })
          }
          trend={<Trend name={t('overview:live.network')} values={onlySeries(live.receive)} />}
        />
        <Tile
          name={t('overview:live.load')}
          value={load === null ? null : load.toFixed(2)}
          note={load === null ? first : ''}
          trend={<Trend name={t('overview:live.load')} values={loads} />}
        />
      </div>
    </Panel>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function Trend({
  name,
  values,
  max,
}: {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly max?: number;
}) {
  const { t } = useTranslation();
  return (
    <Sparkline
      values={values}
      label={t('overview:live.trend', { name })}
      {...(max === undefined ? {} : { max })}
    />
  );
}

function Tile({
  name,
  value,
  note,
  trend,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly note: string;
  readonly trend: ReactNode;
}) {
  return (
    <div className="tile">
      <div className="tile-name soft">{name}</div>
      <div className="tile-value figure">{value ?? '—'}</div>
      <div className="tile-note soft small" title={note}>
        {note}
      </div>
      {trend}
    </div>
  );
}

/**
 * Marks the moment at which the window first shows this workstation's real values: right after the frame that has
 * them was painted.
 */
function useUsefulPaint(shown: boolean): void {
  useLayoutEffect(() => {
    if (!shown || document.documentElement.dataset.ready === 'true') return;
    requestAnimationFrame(() => {
      // The frame is painted after this callback; a message comes after that, unlike a timer without delay.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        performance.mark('useful-paint');
        document.documentElement.dataset.ready = 'true';
        port1.close();
      };
      port2.postMessage(null);
    });
  }, [shown]);
}
