import type { Host, Target } from '#shared/contract/hosts.ts';
import type { Unit } from '../../charts/units.ts';

/** One chart of a host page. */
export type HostChart = {
  readonly id: 'cpu' | 'memory' | 'disk' | 'network' | 'load' | 'up';
  readonly expr: string;
  readonly unit: Unit;
};

/** A PromQL string literal. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** The label matchers that select a host's series. */
export function hostMatchers(host: Host, targets: readonly Target[]): string {
  if (host.thisWorkstation) return 'job="this-workstation"';
  const instances = [
    ...new Set(targets.map((target) => target.config.labels.instance ?? target.config.address)),
  ];
  const [only] = instances;
  if (instances.length === 1 && only !== undefined) return `instance=${quote(only)}`;
  const escaped = instances.map((instance) => instance.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return `instance=~${quote(escaped.join('|'))}`;
}

/** Key metrics of a host under node_exporter's names, and whether its scrapes succeed. */
export function hostCharts(host: Host, targets: readonly Target[]): readonly HostChart[] {
  const its = hostMatchers(host, targets);
  const real = `${its},fstype!~"tmpfs|devtmpfs|squashfs|ramfs|iso9660"`;
  return [
    {
      id: 'cpu',
      expr: `1 - avg(rate(node_cpu_seconds_total{${its},mode="idle"}[2m]))`,
      unit: 'ratio',
    },
    {
      id: 'memory',
      expr: `1 - node_memory_MemAvailable_bytes{${its}} / node_memory_MemTotal_bytes{${its}}`,
      unit: 'ratio',
    },
    {
      id: 'disk',
      expr: `max by (mountpoint) (1 - node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes{${real}})`,
      unit: 'ratio',
    },
    {
      id: 'network',
      expr: `sum by (device) (rate(node_network_receive_bytes_total{${its},device!="lo"}[2m]))`,
      unit: 'bytesPerSecond',
    },
    { id: 'load', expr: `node_load1{${its}}`, unit: 'number' },
    { id: 'up', expr: `up{${its}}`, unit: 'number' },
  ];
}
