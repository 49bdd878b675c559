/** One sample: labels in the order in which they are written. */
export type ProcSample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** A metric family with node_exporter's name. */
export type ProcFamily = {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly ProcSample[];
};

const numbers = (text: string): readonly number[] => text.trim().split(/\s+/).map(Number);
const family = (name: string, type: ProcFamily['type'], samples: readonly ProcSample[]): ProcFamily => ({
  name: `node_${name}`,
  type,
  samples: samples.filter(({ value }) => Number.isFinite(value)),
});
const single = (name: string, type: ProcFamily['type'], value: number): ProcFamily =>
  family(name, type, [{ labels: {}, value }]);

/** `/proc/stat` counts in hundredths of a second on every architecture that Linux has in servers (USER_HZ). */
const USER_HZ = 100;
const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const STAT_WORDS = {
  intr: ['intr_total', 'counter'],
  ctxt: ['context_switches_total', 'counter'],
  btime: ['boot_time_seconds', 'gauge'],
  processes: ['forks_total', 'counter'],
  procs_running: ['procs_running', 'gauge'],
  procs_blocked: ['procs_blocked', 'gauge'],
} as const;

/** `/proc/stat`: processors and the kernel's counters (proc(5)). */
export function statFamilies(lines: readonly string[]): readonly ProcFamily[] {
  const times: ProcSample[] = [];
  const guests: ProcSample[] = [];
  const words = new Map<string, number>();
  for (const line of lines) {
    const [word = '', ...rest] = line.split(/\s+/);
    const cpu = /^cpu(\d+)$/.exec(word)?.[1];
    if (cpu === undefined) words.set(word, Number(rest[0]));
    else {
      for (const [n, mode] of CPU_MODES.entries())
        times.push({ labels: { cpu, mode }, value: Number(rest[n]) / USER_HZ });
      guests.push({ labels: { cpu, mode: 'user' }, value: Number(rest[8]) / USER_HZ });
      guests.push({ labels: { cpu, mode: 'nice' }, value: Number(rest[9]) / USER_HZ });
    }
  }
  return [
    family('cpu_seconds_total', 'counter', times),
    family('cpu_guest_seconds_total', 'counter', guests),
    ...Object.entries(STAT_WORDS).map(([word, [name, type]]) =>
      single(name, type, words.get(word) ?? Number.NaN),
    ),
  ];
}

/** `/proc/meminfo`: kilobytes become bytes, what has no unit is a number. */
export function memoryFamilies(lines: readonly string[]): readonly ProcFamily[] {
  return lines.flatMap((line) => {
    const [, key, value, unit] = /^([^:\s]+):\s+(\d+)( kB)?$/.exec(line) ?? [];
    if (key === undefined) return [];
    const name = key.replace(/\((.*)\)/, '_$1').replace(/[^A-Za-z0-9_]/g, '_');
    return unit === undefined
      ? [single(`memory_${name}`, 'gauge', Number(value))]
      : [single(`memory_${name}_bytes`, 'gauge', Number(value) * 1024)];
  });
}

/** `/proc/loadavg`. */
export function loadFamilies(lines: readonly string[]): readonly ProcFamily[] {
  const [one, five, fifteen] = numbers(lines[0] ?? '');
  return [
    single('load1', 'gauge', one ?? Number.NaN),
    single('load5', 'gauge', five ?? Number.NaN),
    single('load15', 'gauge', fifteen ?? Number.NaN),
  ];
}

const SECTOR = 512;
const MS = 1 / 1000;
/** Fields of `/proc/diskstats` after the device's name (Documentation/admin-guide/iostats.rst of the kernel). */
const DISK_FIELDS = [
  ['reads_completed_total', 1],
  ['reads_merged_total', 1],
  ['read_bytes_total', SECTOR],
  ['read_time_seconds_total', MS],
  ['writes_completed_total', 1],
  ['writes_merged_total', 1],
  ['written_bytes_total', SECTOR],
  ['write_time_seconds_total', MS],
  ['io_now', 1],
  ['io_time_seconds_total', MS],
  ['io_time_weighted_seconds_total', MS],
  ['discards_completed_total', 1],
  ['discards_merged_total', 1],
  ['discarded_sectors_total', 1],
  ['discard_time_seconds_total', MS],
  ['flush_requests_total', 1],
  ['flush_requests_time_seconds_total', MS],
] as const;
/** Partitions and memory disks are left out, as Debian's node_exporter does by default. */
const NO_DISK = /^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

/** `/proc/diskstats`. */
export function diskFamilies(lines: readonly string[]): readonly ProcFamily[] {
  const disks = lines.flatMap((line) => {
    const [, , device = '', ...values] = line.trim().split(/\s+/);
    return device === '' || NO_DISK.test(device) ? [] : [{ device, values: values.map(Number) }];
  });
  return DISK_FIELDS.map(([name, factor], n) =>
    family(
      `disk_${name}`,
      name === 'io_now' ? 'gauge' : 'counter',
      disks.map(({ device, values }) => ({ labels: { device }, value: (values[n] ?? Number.NaN) * factor })),
    ),
  );
}

const NET_FIELDS = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map(
    (field) => `receive_${field}`,
  ),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map(
    (field) => `transmit_${field}`,
  ),
];

/** `/proc/net/dev`, without the loopback device, as Debian's node_exporter. */
export function networkFamilies(lines: readonly string[]): readonly ProcFamily[] {
  const devices = lines.flatMap((line) => {
    const [, device, values] = /^\s*([^:\s]+):(.*)$/.exec(line) ?? [];
    return device === undefined || device === 'lo' ? [] : [{ device, values: numbers(values ?? '') }];
  });
  return NET_FIELDS.map((field, n) =>
    family(
      `network_${field}_total`,
      'counter',
      devices.map(({ device, values }) => ({ labels: { device }, value: values[n] ?? Number.NaN })),
    ),
  );
}

const VM_WORDS = new Set(['oom_kill', 'pgpgin', 'pgpgout', 'pswpin', 'pswpout', 'pgfault', 'pgmajfault']);

/** `/proc/vmstat`: the words that node_exporter keeps by default. */
export function vmFamilies(lines: readonly string[]): readonly ProcFamily[] {
  return lines.flatMap((line) => {
    const [word = '', value] = line.split(' ');
    return VM_WORDS.has(word) ? [single(`vmstat_${word}`, 'counter', Number(value))] : [];
  });
}

/** `/proc/sys/fs/file-nr`. */
export function fileFamilies(lines: readonly string[]): readonly ProcFamily[] {
  const [allocated, , maximum] = numbers(lines[0] ?? '');
  return [
    single('filefd_allocated', 'gauge', allocated ?? Number.NaN),
    single('filefd_maximum', 'gauge', maximum ?? Number.NaN),
  ];
}

/** The clock and the system's name. */
export function systemFamilies(time: readonly string[], uname: readonly string[]): readonly ProcFamily[] {
  const [sysname = '', release = '', version = '', machine = '', nodename = ''] = uname;
  return [
    single('time_seconds', 'gauge', Number(time[0])),
    family('uname_info', 'gauge', [
      { labels: { domainname: '(none)', machine, nodename, release, sysname, version }, value: 1 },
    ]),
  ];
}
