import { counter, type Family, type FamilySample, gauge, single } from './families.ts';

/** Clock ticks a second of /proc/stat; USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** Reads /proc/stat: CPU seconds by mode, boot time, context switches, interrupts, forks, processes. */
export function statFamilies(text: string): Family[] {
  const cpu: FamilySample[] = [];
  const guest: FamilySample[] = [];
  const single_: Family[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(/\s+/);
    const key = fields[0] ?? '';
    const number = Number(fields[1]);
    const core = /^cpu(\d+)$/.exec(key)?.[1];
    if (core !== undefined) {
      MODES.forEach((mode, index) => {
        cpu.push({ labels: { cpu: core, mode }, value: Number(fields[index + 1]) / TICKS_PER_SECOND });
      });
      guest.push({ labels: { cpu: core, mode: 'user' }, value: Number(fields[9]) / TICKS_PER_SECOND });
      guest.push({ labels: { cpu: core, mode: 'nice' }, value: Number(fields[10]) / TICKS_PER_SECOND });
    } else if (key === 'btime')
      single_.push(single('node_boot_time_seconds', 'Node boot time, in unixtime.', number));
    else if (key === 'ctxt')
      single_.push(
        single('node_context_switches_total', 'Total number of context switches.', number, 'counter'),
      );
    else if (key === 'intr')
      single_.push(single('node_intr_total', 'Total number of interrupts serviced.', number, 'counter'));
    else if (key === 'processes')
      single_.push(single('node_forks_total', 'Total number of forks.', number, 'counter'));
    else if (key === 'procs_running')
      single_.push(single('node_procs_running', 'Number of processes in runnable state.', number));
    else if (key === 'procs_blocked')
      single_.push(
        single('node_procs_blocked', 'Number of processes blocked waiting for I/O to complete.', number),
      );
  }
  return [
    counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.', cpu),
    counter('node_cpu_guest_seconds_total', 'Seconds the CPUs spent in guests (VMs) for each mode.', guest),
    ...single_,
  ];
}

/** Reads /proc/meminfo; every line becomes `node_memory_NAME_bytes` (or without unit where it has none). */
export function memoryFamilies(text: string): Family[] {
  const families: Family[] = [];
  for (const line of text.split('\n')) {
    const match = /^([^:]+):\s+(\d+)( kB)?$/.exec(line.trim());
    if (!match?.[1]) continue;
    // As node_exporter writes it: "Active(anon)" is Active_anon.
    const name = match[1].replace(/\((.*)\)/, '_$1');
    const bytes = match[3] !== undefined;
    families.push(
      single(
        `node_memory_${name}${bytes ? '_bytes' : ''}`,
        `Memory information field ${name}${bytes ? '_bytes' : ''}.`,
        Number(match[2]) * (bytes ? 1024 : 1),
      ),
    );
  }
  return families;
}

/** Reads /proc/loadavg. */
export function loadFamilies(text: string): Family[] {
  const [one, five, fifteen] = text.split(/\s+/).map(Number);
  return [
    single('node_load1', '1m load average.', one ?? Number.NaN),
    single('node_load5', '5m load average.', five ?? Number.NaN),
    single('node_load15', '15m load average.', fifteen ?? Number.NaN),
  ];
}

/** Reads /proc/sys/fs/file-nr. */
export function fileHandleFamilies(text: string): Family[] {
  const [allocated, , maximum] = text.trim().split(/\s+/).map(Number);
  return [
    single('node_filefd_allocated', 'File descriptor statistics: allocated.', allocated ?? Number.NaN),
    single('node_filefd_maximum', 'File descriptor statistics: maximum.', maximum ?? Number.NaN),
  ];
}

const VMSTAT = /^(oom_kill|pgpg(in|out)|pswp(in|out)|pg(maj)?fault) (\d+)$/;

/** Reads the lines of /proc/vmstat that node_exporter takes by default. */
export function vmFamilies(text: string): Family[] {
  const families: Family[] = [];
  for (const line of text.split('\n')) {
    const match = VMSTAT.exec(line);
    if (match?.[1] === undefined) continue;
    families.push(
      single(
        `node_vmstat_${match[1]}`,
        `/proc/vmstat information field ${match[1]}.`,
        Number(match[5]),
        'untyped',
      ),
    );
  }
  return families;
}

/** Metrics of /proc/pressure: file, row, name, and what it says. */
const PRESSURES = [
  ['cpu', 'some', 'cpu_waiting', 'that processes have waited for CPU time'],
  ['io', 'some', 'io_waiting', 'that processes have waited due to IO congestion'],
  ['io', 'full', 'io_stalled', 'no process could make progress due to IO congestion'],
  ['memory', 'some', 'memory_waiting', 'that processes have waited for memory'],
  ['memory', 'full', 'memory_stalled', 'no process could make progress due to memory congestion'],
] as const;

/** Reads one file of /proc/pressure. */
export function pressureFamilies(file: 'cpu' | 'io' | 'memory', text: string): Family[] {
  return PRESSURES.filter(([of]) => of === file).map(([, row, name, help]) => {
    const microseconds = new RegExp(`^${row} .*total=(\\d+)`, 'm').exec(text)?.[1];
    return single(
      `node_pressure_${name}_seconds_total`,
      `Total time in seconds ${help}`,
      Number(microseconds) / 1e6,
      'counter',
    );
  });
}

const OS_LABELS = [
  'build_id',
  'id',
  'id_like',
  'image_id',
  'image_version',
  'name',
  'pretty_name',
  'variant',
  'variant_id',
  'version',
  'version_codename',
  'version_id',
] as const;

/** Reads /etc/os-release. */
export function osFamilies(text: string): Family[] {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
      return match?.[1] === undefined ? [] : [[match[1].toLowerCase(), match[3] ?? ''] as const];
    }),
  );
  const labels = Object.fromEntries(OS_LABELS.map((label) => [label, fields.get(label) ?? '']));
  return [
    gauge('node_os_info', `A metric with a constant '1' value labeled by ${OS_LABELS.join(', ')}.`, [
      { labels, value: 1 },
    ]),
  ];
}

/** What the system calls itself. */
export type Uname = {
  readonly sysname: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
  readonly nodename: string;
  readonly domainname: string;
};

/** `node_uname_info`, and the wall clock. */
export function identityFamilies(uname: Uname, nowSeconds: number): Family[] {
  return [
    gauge('node_uname_info', 'Labeled system information as provided by the uname system call.', [
      { labels: uname, value: 1 },
    ]),
    single('node_time_seconds', 'System time in seconds since epoch (1970).', nowSeconds),
  ];
}
