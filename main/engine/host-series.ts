import type { Host, Target } from '#shared/contract/hosts.ts';

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/**
 * Which host and tier an `instance` belongs to, in Prometheus's text format, so that dashboards and rules can choose by tier:
 * `expr and on (instance) hmtt_host_info{tier="data"}`. A host that is down has it too.
 */
export function hostSeries(hosts: {
  readonly list: () => readonly Host[];
  readonly targets: () => readonly Target[];
}): string {
  const byId = new Map(hosts.list().map((host) => [host.id, host]));
  const lines = new Set<string>();
  for (const { hostId, config } of hosts.targets()) {
    const host = byId.get(hostId);
    if (host === undefined) continue;
    const instance = config.labels.instance ?? config.address;
    lines.add(
      `hmtt_host_info{instance="${escaped(instance)}",host="${escaped(host.name)}",tier="${host.tier}"} 1`,
    );
  }
  if (lines.size === 0) return '';
  const head =
    '# HELP hmtt_host_info Always 1; the labels say which host and tier an instance belongs to.\n# TYPE hmtt_host_info gauge\n';
  return `${head}${[...lines].join('\n')}\n`;
}
