import type { QueryData } from '#shared/contract/metrics.ts';
import type { FilesystemSpace, SiteSnapshot } from './alerts/conditions.ts';
import type { RulesArea } from './alerts/live/area.ts';
import { firingAlerts } from './alerts/rule-conditions.ts';
import type { BackupArea } from './backup/area.ts';
import type { HostsArea } from './hosts/index.ts';
import type { LogsArea } from './logs/area.ts';
import type { MetricsArea } from './metrics/area.ts';
import type { QueryAnswers } from './metrics/handlers.ts';
import type { Clock } from './platform/clock.ts';
import type { RecoveryArea } from './recovery/area.ts';
import type { RemoteArea } from './remote/area.ts';
import type { SiteArea } from './site/area.ts';

/** The areas that problems are looked for in. */
export type SnapshotSources = {
  readonly clock: Clock;
  readonly hosts: HostsArea;
  readonly logs: LogsArea;
  readonly backup: BackupArea;
  readonly site: SiteArea;
  readonly queries: QueryAnswers;
  readonly metrics: Pick<MetricsArea, 'problems'>;
  readonly remote: Pick<RemoteArea, 'problems'>;
  readonly recovery: Pick<RecoveryArea, 'facts'>;
  readonly rules: Pick<RulesArea, 'groups'>;
};

const DAY_MS = 86_400_000;
/** File systems that are full by nature, or have no space of their own. */
const REAL_FILESYSTEM = '{fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs"}';

/** Reads everything that the built-in conditions look at. */
export async function readSite(sources: SnapshotSources): Promise<SiteSnapshot> {
  const { clock, hosts, logs, backup, site, metrics, remote, recovery, rules } = sources;
  const now = clock.now();
  return {
    now,
    hosts: hosts.list(),
    filesystems: await filesystems(sources, now),
    logSources: logs.sources(),
    plans: backup.plans(),
    points: backup.points(),
    confidence: backup.confidence(),
    backups: backup.health(),
    disk: site.disk(),
    gaps: site.watch.gaps(now - DAY_MS, now),
    seriesDamage: metrics.problems(),
    remote: remote.problems(),
    recovery: recovery.facts(),
    ruleAlerts: firingAlerts(rules.groups()),
  };
}

/** Space of every real file system that any host reports under node_exporter's names. */
async function filesystems(
  { queries, hosts }: SnapshotSources,
  now: number,
): Promise<readonly FilesystemSpace[]> {
  const [avail, size] = await Promise.all([
    queries.query(`node_filesystem_avail_bytes${REAL_FILESYSTEM}`, now),
    queries.query(`node_filesystem_size_bytes${REAL_FILESYSTEM}`, now),
  ]);
  if (!avail.ok || !size.ok) return [];
  const sizes = new Map(rows(size.value).map(({ key, value }) => [key, value]));
  const byName = new Map(
    hosts.list().flatMap(
      (host) =>
        [
          [host.name, host.id],
          [host.address, host.id],
        ] as const,
    ),
  );
  return rows(avail.value).flatMap(({ key, labels, value }) => {
    const sizeBytes = sizes.get(key);
    if (sizeBytes === undefined || labels.readonly === '1') return [];
    const host = labels.instance ?? '';
    const hostId = byName.get(host) ?? byName.get(host.replace(/:\d+$/, '')) ?? null;
    return [{ host, hostId, mountpoint: labels.mountpoint ?? '', availBytes: value, sizeBytes }];
  });
}

/** The samples of an instant vector, with a key that is the same for the same file system. */
function rows(data: QueryData) {
  if (data.resultType !== 'vector') return [];
  return data.result.map(({ metric, value }) => {
    const { __name__: _, ...labels } = metric;
    return { key: JSON.stringify(Object.entries(labels).toSorted()), labels, value: Number(value[1]) };
  });
}
