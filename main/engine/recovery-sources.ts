import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import type { PointCopy } from '#shared/contract/backup-media.ts';
import { lacksSources } from '#shared/domain/lacking-sources.ts';
import type { BackupArea } from './backup/area.ts';
import type { CopyFacts, PointFacts, RecoverySources, RestoreFacts } from './recovery/types.ts';
import { openRestoreRecords } from './restore/records.ts';
import { restorePoints } from './restore-points.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** Plans, points and restores, as the recovery area asks for them. */
export function recoverySources(backup: BackupArea, db: WritableDb): RecoverySources {
  const records = openRestoreRecords(db);
  const { lock } = restorePoints(backup);
  /** Whether a restore that has ended brought everything back; it never changes. */
  const whole = new Map<string, boolean>();
  return {
    plans: () =>
      backup.plans().map((plan) => ({
        name: plan.name,
        dataClass: plan.dataClass,
        rpoMs: plan.rpoMs,
        rtoMs: plan.rtoMs,
        databases: plan.databases,
        createdAt: plan.createdAt,
        spec: backupPlanInputSchema.parse(plan),
      })),
    points: () => {
      const sources = new Map(backup.plans().map(({ name, sources }) => [name, sources]));
      return backup.points().map(
        (point): PointFacts => ({
          id: point.id,
          plan: point.plan,
          startedAt: point.startedAt,
          finishedAt: point.finishedAt,
          // A point that lacks a database is no proof that the plan could be brought back.
          verifiedAt: lacksSources(point.report) ? null : point.verifiedAt,
          damaged: point.state === 'broken' || point.verifyError !== null,
          get locked() {
            return lock(point.id).key;
          },
          // Getters: these look at chains and media, and are asked for a few points only.
          get restorable() {
            return backup.restorable(point.id).now && backup.chain(point.id).ok;
          },
          get copies() {
            const original = new Set((sources.get(point.plan) ?? []).map(deviceOf));
            return backup.copiesOf(point.id).map((copy) => copyFacts(copy, original));
          },
        }),
      );
    },
    restores: () =>
      records.list().flatMap(({ id, plan, state, startedAt, finishedAt }): RestoreFacts[] => {
        if (state !== 'done' || startedAt === null || finishedAt === null) return [];
        if (!whole.has(id)) {
          const isAll = plan.selection.length === 0 && plan.undoOf === null;
          whole.set(id, isAll && records.evidence(id)?.outcome === 'verified');
        }
        return [{ id, plan: plan.planName, startedAt, finishedAt, whole: whole.get(id) ?? false }];
      }),
  };
}

function copyFacts(copy: PointCopy, original: ReadonlySet<string>): CopyFacts {
  const device = deviceOf(dirname(copy.path));
  const isMedium = copy.kind === 'medium';
  return {
    place: copy.mediumId ?? device,
    media: isMedium ? 'removable' : isNetwork(dirname(copy.path)) ? 'network' : 'disk',
    name: copy.name,
    // A medium that is not here is taken at its last verification's word.
    intact: copy.state === 'intact' || (copy.state === 'absent' && copy.error === null),
    besideOriginal: copy.mediumId === null && original.has(device),
    location: copy.location,
    offline: isMedium && copy.state === 'absent',
    immutable: false,
  };
}

/** The file system that a path is on; a path that is not there stands for itself. */
function deviceOf(path: string): string {
  try {
    return `device ${statSync(path).dev}`;
  } catch {
    // Not at hand: it cannot be the disk of anything that is.
    return path;
  }
}

/** Magic numbers of network file systems (statfs(2)): NFS, SMB, CIFS, SMB2. */
const NETWORK = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

function isNetwork(dir: string): boolean {
  if (dir.startsWith('\\\\')) return true;
  try {
    return NETWORK.has(Number(statfsSync(dir).type));
  } catch {
    // Not at hand; what it was is not known, and a disk is the weaker claim.
    return false;
  }
}
