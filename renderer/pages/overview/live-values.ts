import type { RequestInput } from '#shared/contract/index.ts';
import type { Columns } from '#shared/contract/metrics.ts';
import { niceStep } from '../../charts/steps.ts';

const JOB = 'job="this-workstation"';

/**
 * What the overview asks of this workstation, under node_exporter's names. All that needs no rate is one question, so
 * that the first screen waits for one answer.
 */
export const liveExpressions = {
  gauges: `{__name__=~"node_load1|node_memory_MemAvailable_bytes|node_memory_MemTotal_bytes|node_filesystem_avail_bytes|node_filesystem_size_bytes",${JOB}}`,
  cpu: `1 - avg(rate(node_cpu_seconds_total{${JOB},mode="idle"}[1m]))`,
  receive: `sum(rate(node_network_receive_bytes_total{${JOB},device!="lo"}[1m]))`,
  transmit: `sum(rate(node_network_transmit_bytes_total{${JOB},device!="lo"}[1m]))`,
} as const;
export type LiveName = keyof typeof liveExpressions;

/** Points of a live trend. */
const POINTS = 90;

/** The question for a live trend over a time range; while live it ends at the present. */
export function liveInput(
  expr: string,
  range: { readonly start: number; readonly end: number; readonly live: boolean },
  now: number,
): RequestInput<'metrics.columns'> {
  const end = range.live ? Math.max(now, range.end) : range.end;
  const stepMs = niceStep(range.end - range.start, POINTS);
  return { expr, start: end - stepMs * POINTS, end, stepMs, maxSeries: 100 };
}

/** File systems that hold no data of their own: windows into the kernel, memory, read-only images. */
const UNREAL = new Set(['tmpfs', 'devtmpfs', 'squashfs', 'ramfs', 'iso9660', 'efivarfs']);

type Values = readonly (number | null)[];

/**
 * The newest value of a column, or null when the last steps have none.
 *
 * A rate ends up to two scrapes before the present, so the last three steps count as now.
 */
export function newest(values: Values): number | null {
  for (let index = values.length - 1; index >= Math.max(0, values.length - 3); index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** The values of the only series of a column set; empty when there is none. */
export function onlySeries(columns: Columns | null): Values {
  return columns?.series[0]?.values ?? [];
}

/** The part of an answer that is one metric; null while there is no answer. */
export function metricOf(columns: Columns | null, name: string): Columns['series'] {
  return columns?.series.filter((series) => series.labels.__name__ === name) ?? [];
}

/** `1 - part / whole`, step by step; null where either is missing. */
export function usedShare(part: Values, whole: Values): Values {
  return part.map((value, index) => {
    const all = whole[index] ?? null;
    return value === null || all === null || all <= 0 ? null : 1 - value / all;
  });
}

/** How full a disk is now and was. */
export type DiskUse = {
  readonly mountpoint: string;
  readonly availBytes: number;
  readonly sizeBytes: number;
  /** Used share over time, 0 to 1. */
  readonly used: Values;
};

/** The fullest disk of this workstation; null until there is a sample. */
export function fullestDisk(avail: Columns['series'], size: Columns['series']): DiskUse | null {
  const disks = avail.flatMap((series): DiskUse[] => {
    const mountpoint = series.labels.mountpoint ?? '';
    const sizes = size.find(
      (other) => other.labels.mountpoint === mountpoint && other.labels.device === series.labels.device,
    );
    const availBytes = newest(series.values);
    const sizeBytes = sizes ? newest(sizes.values) : null;
    if (!sizes || availBytes === null || sizeBytes === null || sizeBytes <= 0) return [];
    if (UNREAL.has(series.labels.fstype ?? '')) return [];
    return [{ mountpoint, availBytes, sizeBytes, used: usedShare(series.values, sizes.values) }];
  });
  const share = (disk: DiskUse): number => disk.availBytes / disk.sizeBytes;
  return disks.reduce<DiskUse | null>(
    (most, disk) => (most === null || share(disk) < share(most) ? disk : most),
    null,
  );
}
