/** An archive, as far as rolling verification looks at it. */
export type RollingArchive = {
  readonly id: string;
  readonly bytes: number;
  /** When every byte of it was last read and found intact; null: never. */
  readonly verifiedAt: number | null;
  /** False while its medium is in a drawer, and for archives that are known to be damaged. */
  readonly canBeRead: boolean;
};

/** What is to be verified next, and how far it has come. */
export type RollingPlan = {
  /** The archive to read now; null: enough for today. */
  readonly next: string | null;
  /** Bytes to read a day. */
  readonly quota: number;
  readonly totalBytes: number;
  /** Bytes that were read within the cover time. */
  readonly coveredBytes: number;
  /** Archives that were not read within the cover time and a day of grace. */
  readonly overdue: readonly string[];
  /** The longest wait: when that archive was last verified; null when one never was, or there is none. */
  readonly oldestVerifiedAt: number | null;
};

const DAY_MS = 86_400_000;

/**
 * Decides what rolling verification reads next. Each day a share of all bytes is read, the archive that waits longest first,
 * so that everything is read within the cover time. Whoever is behind (the machine was off) reads twice the share a day, not
 * all at once. An archive is read whole or not at all, so a cut costs one archive.
 *
 * @param doneToday bytes that were read today already
 */
export function planRolling(
  archives: readonly RollingArchive[],
  coverDays: number,
  now: number,
  doneToday: number,
): RollingPlan {
  const coverMs = coverDays * DAY_MS;
  // A time to come was written under a wrong clock and says nothing.
  const waited = ({ verifiedAt }: RollingArchive): number =>
    verifiedAt === null || verifiedAt > now ? Number.POSITIVE_INFINITY : now - verifiedAt;
  const totalBytes = archives.reduce((sum, { bytes }) => sum + bytes, 0);
  const covered = archives.filter((archive) => waited(archive) <= coverMs);
  const overdue = archives.filter((archive) => archive.canBeRead && waited(archive) > coverMs + DAY_MS);
  const share = Math.ceil(totalBytes / coverDays);
  const quota = overdue.length > 0 ? 2 * share : share;
  const next = archives
    // What was read within a day is read today again only where the cover time is a day.
    .filter((archive) => archive.canBeRead && waited(archive) >= Math.min(DAY_MS, coverMs / 2))
    .toSorted((a, b) => {
      const [first, second] = [waited(a), waited(b)];
      return first === second ? a.id.localeCompare(b.id) : second - first;
    })[0];
  const oldest = archives.toSorted((a, b) => waited(b) - waited(a))[0];
  return {
    next: next === undefined || doneToday >= quota ? null : next.id,
    quota,
    totalBytes,
    coveredBytes: covered.reduce((sum, { bytes }) => sum + bytes, 0),
    overdue: overdue.map(({ id }) => id),
    oldestVerifiedAt: oldest?.verifiedAt ?? null,
  };
}
