import { cpus, hostname, loadavg, machine, release, type, uptime, version } from 'node:os';
import si from 'systeminformation';
import type { Clock } from '../../platform/clock.ts';
import { counter, type Family, type FamilySample, single } from './families.ts';
import { filesystemFamilies } from './filesystems.ts';
import { identityFamilies } from './proc-stat.ts';

/** How long the answers that cost a process are used: on macOS and Windows the library asks a shell for them. */
const SLOW_EVERY_MS = 60_000;

/**
 * Makes the collector of macOS and Windows, from the library `systeminformation` and Node's own `os`.
 *
 * The names are those of node_exporter on Linux everywhere, so that one panel fits every machine. What the library can
 * learn only by starting a process is asked once a minute.
 */
export function createPortableCollector(clock: Clock): () => Promise<Family[]> {
  let slow: readonly Family[] = [];
  let slowAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  const askSlow = async (): Promise<void> => {
    const [memory, sizes, networks] = await Promise.all([si.mem(), si.fsSize(), si.networkStats('*')]);
    slow = [...memoryFamiliesOf(memory), ...sizeFamilies(sizes), ...networkFamiliesOf(networks)];
    slowAt = clock.monotonic();
  };

  return async () => {
    if (clock.monotonic() - slowAt >= SLOW_EVERY_MS) {
      asking ??= askSlow().finally(() => {
        asking = null;
      });
      await asking;
    }
    const now = clock.now() / 1000;
    const [one, five, fifteen] = loadavg();
    return [
      counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.', cpuSamples()),
      single('node_boot_time_seconds', 'Node boot time, in unixtime.', Math.round(now - uptime())),
      single('node_load1', '1m load average.', one ?? Number.NaN),
      single('node_load5', '5m load average.', five ?? Number.NaN),
      single('node_load15', '15m load average.', fifteen ?? Number.NaN),
      ...slow,
      ...identityFamilies(
        {
          sysname: type(),
          release: release(),
          version: version(),
          machine: machine(),
          nodename: hostname(),
          domainname: '(none)',
        },
        now,
      ),
    ];
  };
}

function cpuSamples(): FamilySample[] {
  return cpus().flatMap(({ times }, index) => {
    const modes = { user: times.user, nice: times.nice, system: times.sys, idle: times.idle, irq: times.irq };
    return Object.entries(modes).map(([mode, ms]) => ({
      labels: { cpu: String(index), mode },
      value: ms / 1000,
    }));
  });
}

function memoryFamiliesOf(memory: si.Systeminformation.MemData): Family[] {
  const field = (name: string, bytes: number): Family =>
    single(`node_memory_${name}_bytes`, `Memory information field ${name}_bytes.`, bytes);
  return [
    field('MemTotal', memory.total),
    field('MemFree', memory.free),
    field('MemAvailable', memory.available),
    field('Buffers', memory.buffers),
    field('Cached', memory.cached),
    field('SwapTotal', memory.swaptotal),
    field('SwapFree', memory.swapfree),
  ];
}

function sizeFamilies(sizes: readonly si.Systeminformation.FsSizeData[]): Family[] {
  return filesystemFamilies(
    sizes.map((row) => ({
      mount: { device: row.fs, mountpoint: row.mount, fstype: row.type, readonly: row.rw === false },
      space: {
        size: row.size,
        free: row.size - row.used,
        available: row.available,
        files: Number.NaN,
        filesFree: Number.NaN,
      },
    })),
  );
}

function networkFamiliesOf(networks: readonly si.Systeminformation.NetworkStatsData[]): Family[] {
  const field = (name: string, value: (row: si.Systeminformation.NetworkStatsData) => number): Family =>
    counter(
      `node_network_${name}_total`,
      `Network device statistic ${name}.`,
      networks.map((row) => ({ labels: { device: row.iface }, value: value(row) })),
    );
  return [
    field('receive_bytes', (row) => row.rx_bytes),
    field('receive_errs', (row) => row.rx_errors),
    field('receive_drop', (row) => row.rx_dropped),
    field('transmit_bytes', (row) => row.tx_bytes),
    field('transmit_errs', (row) => row.tx_errors),
    field('transmit_drop', (row) => row.tx_dropped),
  ];
}
