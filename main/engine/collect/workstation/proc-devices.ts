import { counter, type Family, type FamilySample, gauge } from './families.ts';

/** Fields of /proc/net/dev after the interface's name, as node_exporter names them. */
const NET_FIELDS = [
  ['receive', 'bytes'],
  ['receive', 'packets'],
  ['receive', 'errs'],
  ['receive', 'drop'],
  ['receive', 'fifo'],
  ['receive', 'frame'],
  ['receive', 'compressed'],
  ['receive', 'multicast'],
  ['transmit', 'bytes'],
  ['transmit', 'packets'],
  ['transmit', 'errs'],
  ['transmit', 'drop'],
  ['transmit', 'fifo'],
  ['transmit', 'colls'],
  ['transmit', 'carrier'],
  ['transmit', 'compressed'],
] as const;

/** Reads /proc/net/dev. */
export function networkFamilies(text: string): Family[] {
  const rows = text.split('\n').flatMap((line) => {
    const match = /^\s*([^:\s]+):\s*(.*)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) return [];
    return [{ device: match[1], values: match[2].trim().split(/\s+/).map(Number) }];
  });
  return NET_FIELDS.map(([way, field], index) =>
    counter(
      `node_network_${way}_${field}_total`,
      `Network device statistic ${way}_${field}.`,
      rows.map(({ device, values }) => ({ labels: { device }, value: values[index] ?? Number.NaN })),
    ),
  );
}

/** The names of the interfaces in /proc/net/dev. */
export function interfaceNames(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\s*([^:\s]+):/.exec(line)?.[1] ?? []);
}

/** What /sys/class/net says of an interface. */
export type InterfaceState = {
  readonly device: string;
  readonly operstate: string | null;
  /** Mbit/s, or null. */
  readonly speed: number | null;
  readonly mtu: number | null;
};

/** Link state, speed and MTU of interfaces. */
export function interfaceFamilies(states: readonly InterfaceState[]): Family[] {
  const pick = (value: (state: InterfaceState) => number | null): FamilySample[] =>
    states.map((state) => ({ labels: { device: state.device }, value: value(state) ?? Number.NaN }));
  return [
    gauge(
      'node_network_up',
      "Value is 1 if operstate is 'up', 0 otherwise.",
      pick(({ operstate }) => (operstate === null ? null : operstate === 'up' ? 1 : 0)),
    ),
    gauge(
      'node_network_speed_bytes',
      'Network device property: speed_bytes',
      pick(({ speed }) => (speed === null || speed < 0 ? null : speed * 125_000)),
    ),
    gauge(
      'node_network_mtu_bytes',
      'Network device property: mtu_bytes',
      pick(({ mtu }) => mtu),
    ),
  ];
}

/** node_exporter's default: partitions, loop and RAM devices say nothing that the disk does not. */
const IGNORED_DISKS = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;
const SECTOR = 512;

/** Fields of /proc/diskstats after the device's name: metric, help, factor. */
const DISK_FIELDS = [
  ['reads_completed_total', 'The total number of reads completed successfully.', 1],
  ['reads_merged_total', 'The total number of reads merged.', 1],
  ['read_bytes_total', 'The total number of bytes read successfully.', SECTOR],
  ['read_time_seconds_total', 'The total number of seconds spent by all reads.', 1e-3],
  ['writes_completed_total', 'The total number of writes completed successfully.', 1],
  ['writes_merged_total', 'The number of writes merged.', 1],
  ['written_bytes_total', 'The total number of bytes written successfully.', SECTOR],
  ['write_time_seconds_total', 'This is the total number of seconds spent by all writes.', 1e-3],
  ['io_now', 'The number of I/Os currently in progress.', 1],
  ['io_time_seconds_total', 'Total seconds spent doing I/Os.', 1e-3],
  ['io_time_weighted_seconds_total', 'The weighted # of seconds spent doing I/Os.', 1e-3],
  ['discards_completed_total', 'The total number of discards completed successfully.', 1],
  ['discards_merged_total', 'The total number of discards merged.', 1],
  ['discarded_sectors_total', 'The total number of sectors discarded successfully.', 1],
  ['discard_time_seconds_total', 'This is the total number of seconds spent by all discards.', 1e-3],
  ['flush_requests_total', 'The total number of flush requests completed successfully', 1],
  [
    'flush_requests_time_seconds_total',
    'This is the total number of seconds spent by all flush requests.',
    1e-3,
  ],
] as const;

/** Reads /proc/diskstats. */
export function diskFamilies(text: string): Family[] {
  const rows = text.split('\n').flatMap((line) => {
    const [, , device, ...values] = line.trim().split(/\s+/);
    if (device === undefined || IGNORED_DISKS.test(device)) return [];
    return [{ device, values: values.map(Number) }];
  });
  return DISK_FIELDS.map(([field, help, factor], index) => {
    const samples = rows.map(({ device, values }) => {
      const raw = values[index];
      // Milliseconds divided, not multiplied by 0.001, keep the decimals that node_exporter shows.
      const value = raw === undefined ? Number.NaN : factor === 1e-3 ? raw / 1000 : raw * factor;
      return { labels: { device }, value };
    });
    const name = `node_disk_${field}`;
    return field === 'io_now' ? gauge(name, help, samples) : counter(name, help, samples);
  });
}
