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
      single(`node_vmstat_${match[1]}`, `/proc/vmstat information field ${match[1]}.`, Number(match[5])),
    );
  }
  return families;
}

/** Reads a pressure file of /proc/pressure; `kind` is cpu, io or memory. */
export function pressureFamilies(kind: 'cpu' | 'io' | 'memory', text: string): Family[] {
  const seconds = (row: string): number =>
    Number(new RegExp(`^${row} .*total=(\\d+)`, 'm').exec(text)?.[1]) / 1e6;
  const families = [
    counter(
      `node_pressure_${kind}_waiting_seconds_total`,
      `Total time in seconds that processes have waited for ${kind === 'io' ? 'IO' : kind}.`,
      [{ value: seconds('some') }],
    ),
  ];
  if (kind !== 'cpu')
    families.push(
      counter(
        `node_pressure_${kind}_stalled_seconds_total`,
        `Total time in seconds no process could make progress due to ${kind} congestion.`,
        [{ value: seconds('full') }],
      ),
    );
  return families;
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
