import * as z from 'zod';
import {
  type RotationPolicy,
  storedRotationPolicySchema,
  type UnreadablePolicy,
} from '#shared/contract/logs-rotation-policy.ts';
import {
  type Rotation,
  type RotationSegment,
  rotationSchema,
  rotationSegmentSchema,
} from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, appError } from '#shared/errors/index.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { type ChainSegment, makeCheckpoint } from './chain.ts';

const factsSchema = z.object({ lines: z.number(), bytes: z.number(), sha256: z.string() });

/** A rotation as it stands in console.db: what is shown of it, and what going on after a crash needs. */
const recordSchema = rotationSchema.extend({
  seq: z.int(),
  /** The policy as it was when the rotation began. */
  spec: storedRotationPolicySchema,
  /** Device and inode of the old file. */
  place: z.string(),
  /** Its name from the step `rename` on. */
  working: z.string(),
  /** Final name of the segment, and the file that becomes it; null before `pack`. */
  final: z.string().nullable(),
  part: z.string().nullable(),
  codec: z.enum(['zstd', 'gzip', 'none']).nullable(),
  before: factsSchema.nullable(),
  stored: z.object({ bytes: z.number(), sha256: z.string() }).nullable(),
  /** Size and time of the old file before it was packed. */
  stat: z.object({ bytes: z.number(), mtimeNs: z.string() }).nullable(),
  shifts: z.array(z.object({ from: z.string(), to: z.string() })),
  /** Of a host's file: its path there (`path` begins with the login's name), what was fetched of it, and what that is. */
  remotePath: z.string().nullable().default(null),
  staged: z.string().nullable().default(null),
  fetched: factsSchema.nullable().default(null),
  /** When a failed one is tried again. */
  retryAt: z.number().nullable(),
});
export type RotationRecord = z.infer<typeof recordSchema>;

/** A segment as it stands in console.db. */
export type SegmentRow = RotationSegment;

const dataRow = z.object({ data: z.string() });
const policyRow = dataRow.extend({ name: z.string() });
const openRow = dataRow.extend({ policy: z.string(), path: z.string() });
const pathRow = z.object({ path: z.string() });
/** The lock of a policy, whatever else of it can be read. */
const lockSchema = z.object({ keep: z.object({ lockDays: z.number() }) });
/** The lock of a removed policy is a setting of this name, with the policy's behind it. */
const KEPT_LOCK = 'logs.rotation_lock_days:';
const KEPT_LOCKS = `
  SELECT kept.name, kept.days FROM
    (SELECT substr(name, length($prefix) + 1) AS name, CAST(value AS INTEGER) AS days
     FROM setting WHERE substr(name, 1, length($prefix)) = $prefix) AS kept
  WHERE EXISTS (SELECT 1 FROM rotation_segment WHERE policy = kept.name)
     OR EXISTS (SELECT 1 FROM rotation WHERE policy = kept.name AND state <> 'done')`;
const keptRow = z.object({ name: z.string(), days: z.number() });
const countRow = z.object({ n: z.number(), bytes: z.number().nullable().optional() });
const seqRow = z.object({ seq: z.number() });
const sinceRow = z.object({ since_ms: z.number() });
const checkpointRow = z.object({ n: z.number(), line: z.string() });

/** What a recording puts into one transaction. */
export type SegmentChange =
  | { readonly kind: 'segment' | 'repacked'; readonly segment: SegmentRow }
  | { readonly kind: 'removed'; readonly reason: 'retention' | 'hand'; readonly segment: SegmentRow };

/** Everything about rotations that console.db holds. Each method is one transaction. */
export class RotationJournal {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** Policies that can be read. One that cannot does not hold up the others. */
  policies(): readonly RotationPolicy[] {
    return this.#policyRows().flatMap(({ data }) => read(storedRotationPolicySchema, data).value ?? []);
  }

  /** Policies that cannot be read, and why. */
  unreadablePolicies(): readonly UnreadablePolicy[] {
    return this.#policyRows().flatMap(({ name, data }) => {
      const { field } = read(storedRotationPolicySchema, data);
      return field === null
        ? []
        : [{ name, error: appError('LOG_ROTATION_POLICY_UNREADABLE', { name, field }) }];
    });
  }

  /**
   * Days of the lock under each policy's name: of policies, also of those that cannot be read whole, and of removed ones for as long as
   * something is archived, or about to be, under that name. Names without a lock are left out.
   */
  locks(): ReadonlyMap<string, number> {
    const locks = new Map<string, number>();
    for (const { name, data } of this.#policyRows()) {
      const days = read(lockSchema, data).value?.keep.lockDays ?? 0;
      if (days > 0) locks.set(name, days);
    }
    for (const { name, days } of this.#keptLocks()) locks.set(name, Math.max(days, locks.get(name) ?? 0));
    return locks;
  }

  /** A lock that a removed policy of the name left and that holds nothing any more is forgotten: it is not that of the new one. */
  putPolicies(policies: readonly RotationPolicy[]): void {
    const put = this.#db.prepare('INSERT OR REPLACE INTO rotation_policy (name, data) VALUES (?, ?)');
    const forget = this.#db.prepare('DELETE FROM setting WHERE name = ?');
    this.#db.transaction(() => {
      const kept = new Set(this.#keptLocks().map(({ name }) => name));
      for (const policy of policies) {
        put.run(policy.name, JSON.stringify(policy));
        if (!kept.has(policy.name)) forget.run(`${KEPT_LOCK}${policy.name}`);
      }
    })();
  }

  /** Locks of removed policies that hold something still. */
  #keptLocks() {
    return this.#db
      .prepare(KEPT_LOCKS)
      .all({ prefix: KEPT_LOCK })
      .map((row) => keptRow.parse(row));
  }

  /** Its segments stay, and so does the lock that they are under. */
  removePolicy(name: string): boolean {
    return this.#db.transaction(() => {
      const days = this.locks().get(name) ?? 0;
      if (days > 0)
        this.#db
          .prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)')
          .run(`${KEPT_LOCK}${name}`, String(days));
      return this.#db.prepare('DELETE FROM rotation_policy WHERE name = ?').run(name).changes > 0;
    })();
  }

  /** Since when a file has not been rotated; noted when it is seen for the first time. */
  since(path: string, now: number): number {
    const row = this.#db.prepare('SELECT since_ms FROM rotation_file WHERE path = ?').get(path);
    if (row !== undefined) return sinceRow.parse(row).since_ms;
    this.setSince(path, now);
    return now;
  }

  /** Whether a file was ever seen. */
  isKnown(path: string): boolean {
    return this.#db.prepare('SELECT 1 FROM rotation_file WHERE path = ?').get(path) !== undefined;
  }

  setSince(path: string, now: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO rotation_file (path, since_ms) VALUES (?, ?)').run(path, now);
  }

  /** Records that a rotation begins, before anything is renamed. */
  begin(make: (seq: number) => RotationRecord): RotationRecord {
    return this.#db.transaction(() => {
      const row = this.#db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM rotation').get();
      const record = make(seqRow.parse(row).seq + 1);
      this.#db
        .prepare('INSERT INTO rotation (seq, id, policy, path, state, data) VALUES (?, ?, ?, ?, ?, ?)')
        .run(record.seq, record.id, record.policy, record.path, record.state, JSON.stringify(record));
      return record;
    })();
  }

  save(record: RotationRecord): void {
    this.#db
      .prepare('UPDATE rotation SET state = ?, data = ? WHERE seq = ?')
      .run(record.state, JSON.stringify(record), record.seq);
  }

  forget(record: RotationRecord): void {
    this.#db.prepare('DELETE FROM rotation WHERE seq = ?').run(record.seq);
  }

  /** Rotations that are not done and can be read, the oldest first. */
  open(): readonly RotationRecord[] {
    return this.#openRows().flatMap(({ data }) => read(recordSchema, data).value ?? []);
  }

  /** Rotations that are not done and cannot go on, because what is recorded of them cannot be read. */
  unreadableOpen(): readonly { readonly policy: string; readonly path: string; readonly error: AppError }[] {
    return this.#openRows().flatMap(({ policy, path, data }) => {
      const { field } = read(recordSchema, data);
      return field === null
        ? []
        : [{ policy, path, error: appError('LOG_ROTATION_UNREADABLE', { file: path, field }) }];
    });
  }

  /** Logs with a rotation that is not done, whether it can be read or not. */
  openPaths(): readonly string[] {
    const rows = this.#db.prepare("SELECT path FROM rotation WHERE state <> 'done'").all();
    return rows.map((row) => pathRow.parse(row).path);
  }

  history(policy: string | null, limit: number, offset: number): { rotations: Rotation[]; total: number } {
    const where = policy === null ? '' : 'WHERE policy = $policy';
    const bound = policy === null ? {} : { policy };
    const rows = this.#db
      .prepare(
        `SELECT data FROM rotation ${where} ORDER BY state = 'done', seq DESC LIMIT $limit OFFSET $offset`,
      )
      .all({ ...bound, limit, offset });
    const count = this.#db.prepare(`SELECT count(*) AS n FROM rotation ${where}`).get(bound);
    return {
      rotations: rows.map((row) => rotationSchema.parse(JSON.parse(dataRow.parse(row).data))),
      total: countRow.parse(count).n,
    };
  }

  /** What past rotations took in, for the forecast: ended, bytes, stored bytes, by path. */
  done(policy: string | null, since: number): readonly Rotation[] {
    const rows = this.#db
      .prepare(
        `SELECT data FROM rotation WHERE state = 'done' ${policy === null ? '' : 'AND policy = $policy'} ORDER BY seq DESC LIMIT 5000`,
      )
      .all(policy === null ? {} : { policy });
    return rows
      .map((row) => rotationSchema.parse(JSON.parse(dataRow.parse(row).data)))
      .filter((rotation) => (rotation.endedAt ?? 0) >= since);
  }

  /** Segments, the newest first. */
  segments(
    filter: { readonly policy?: string | undefined; readonly source?: string } = {},
  ): readonly SegmentRow[] {
    const wheres = [
      ...(filter.policy === undefined ? [] : ['policy = $policy']),
      ...(filter.source === undefined ? [] : ['source = $source']),
    ];
    const rows = this.#db
      .prepare(
        `SELECT data FROM rotation_segment ${wheres.length === 0 ? '' : `WHERE ${wheres.join(' AND ')}`} ORDER BY rotated_ms DESC, id DESC`,
      )
      .all({ ...filter });
    return rows.map((row) => rotationSegmentSchema.parse(JSON.parse(dataRow.parse(row).data)));
  }

  segment(id: string): SegmentRow | null {
    const row = this.#db.prepare('SELECT data FROM rotation_segment WHERE id = ?').get(id);
    return row === undefined ? null : rotationSegmentSchema.parse(JSON.parse(dataRow.parse(row).data));
  }

  /** Changes what is noted of segments; no checkpoint, because their content stays. */
  noteSegments(segments: readonly SegmentRow[]): void {
    this.#db.transaction(() => {
      for (const segment of segments) this.#putSegment(segment);
    })();
  }

  lines(): readonly string[] {
    const rows = this.#db.prepare('SELECT n, line FROM rotation_checkpoint ORDER BY n').all();
    return rows.map((row) => checkpointRow.parse(row).line);
  }

  lastCheckpoint(): { readonly n: number; readonly line: string } | null {
    const row = this.#db.prepare('SELECT n, line FROM rotation_checkpoint ORDER BY n DESC LIMIT 1').get();
    return row === undefined ? null : checkpointRow.parse(row);
  }

  /**
   * Records a change to the archive in one transaction: its signed checkpoint, the segment, names that moved, and the
   * rotation's step.
   *
   * @returns the line for the chain's file
   */
  recordChange(
    change: SegmentChange,
    at: number,
    signer: DocumentSigner,
    extra: {
      readonly rotation?: RotationRecord;
      readonly shifts?: readonly { readonly from: string; readonly to: string }[];
    } = {},
  ): { readonly line: string; readonly segment: SegmentRow } {
    return this.#db.transaction(() => {
      const shifts = extra.shifts ?? [];
      const byFile = new Map(shifts.length === 0 ? [] : this.segments().map((one) => [one.file, one]));
      // They begin with the oldest, whose new name is free, so that no two segments have one name in between.
      for (const { from, to } of shifts) {
        const moved = byFile.get(from);
        if (moved !== undefined) this.#putSegment({ ...moved, file: to });
      }
      const made = makeCheckpoint(
        this.lastCheckpoint(),
        at,
        { ...change, segment: chainPart(change.segment) },
        signer,
      );
      this.#db.prepare('INSERT INTO rotation_checkpoint (n, line) VALUES (?, ?)').run(made.n, made.line);
      const segment = { ...change.segment, checkpoint: made.n };
      if (change.kind === 'removed')
        this.#db.prepare('DELETE FROM rotation_segment WHERE id = ?').run(segment.id);
      else this.#putSegment(segment);
      if (extra.rotation !== undefined) this.save(extra.rotation);
      return { line: made.line, segment };
    })();
  }

  #policyRows(): readonly z.output<typeof policyRow>[] {
    const rows = this.#db.prepare('SELECT name, data FROM rotation_policy ORDER BY name').all();
    return rows.map((row) => policyRow.parse(row));
  }

  #openRows(): readonly z.output<typeof openRow>[] {
    const rows = this.#db
      .prepare("SELECT policy, path, data FROM rotation WHERE state <> 'done' ORDER BY seq")
      .all();
    return rows.map((row) => openRow.parse(row));
  }

  #putSegment(segment: SegmentRow): void {
    this.#db
      .prepare(
        `INSERT INTO rotation_segment (id, policy, source, file, rotated_ms, stored_bytes, data)
         VALUES ($id, $policy, $source, $file, $rotated, $stored, $data)
         ON CONFLICT (id) DO UPDATE SET file = $file, stored_bytes = $stored, data = $data`,
      )
      .run({
        id: segment.id,
        policy: segment.policy,
        source: segment.source,
        file: segment.file,
        rotated: segment.rotatedAt,
        stored: segment.storedBytes,
        data: JSON.stringify(segment),
      });
  }
}

/** What a row holds, or the first field that cannot be read; the table's check says that it is JSON. */
function read<T>(
  schema: z.ZodType<T>,
  data: string,
): { readonly value: T; readonly field: null } | { readonly value: null; readonly field: string } {
  const parsed = schema.safeParse(JSON.parse(data));
  return parsed.success
    ? { value: parsed.data, field: null }
    : { value: null, field: parsed.error.issues[0]?.path.join('.') || 'data' };
}

function chainPart(segment: SegmentRow): ChainSegment {
  const { id, policy, source, file, lines, bytes, sha256, storedBytes, storedSha256, codec, encrypted } =
    segment;
  return { id, policy, source, file, lines, bytes, sha256, storedBytes, storedSha256, codec, encrypted };
}
