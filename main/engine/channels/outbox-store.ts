import type { Queued } from '#shared/contract/channels.ts';
import { type Delivery, type Notice, noticeSchema, type Recipient } from '#shared/contract/notice.ts';
import {
  type AppError,
  appError,
  appErrorSchema,
  describeThrown,
  err,
  ok,
  type Result,
} from '#shared/errors/index.ts';
import type { WritableDb } from '../storage/sqlite.ts';

/** Copies that one channel may have waiting; past it the oldest go. */
export const MOST_WAITING = 1_000;
/** Copies that have ended and are remembered, over all channels: to show, and so that none is told twice. */
const MOST_ENDED = 20_000;

/** One copy of a notice on its way. */
export type OutboxRow = {
  readonly seq: number;
  readonly notice: string;
  readonly channel: string;
  readonly to: string | null;
  readonly groupKey: string;
  readonly thread: string;
  readonly enqueuedAt: number;
  /** Attempts that have begun. */
  readonly attempts: number;
};

/** A copy to be kept; `refused`: it cannot be sent at all, and is recorded as failed. */
export type NewCopy = {
  readonly recipient: Recipient;
  readonly channelName: string;
  readonly refused: AppError | null;
};

/** What one channel has in the queue; `nextAt` 0: due since ever. */
export type Backlog = {
  readonly queued: number;
  readonly oldestAt: number | null;
  readonly nextAt: number | null;
};

/** Copies that nobody got, and when the last of them was given up. */
export type Losses = { readonly failed: number; readonly dropped: number; readonly lastAt: number | null };

/** Codes of ends that are no loss: somebody chose them, or this engine simply has no such thing. */
const NO_LOSS = "('CHANNEL_OFF', 'CHANNEL_UNKNOWN', 'CHANNEL_NO_DESKTOP')";

/** The queue on the disk. Everything it says it has done survives a power cut. */
export type OutboxStore = {
  /**
   * Keeps copies of a notice, all or none. One that is there already, waiting or ended, is left as it is.
   *
   * @returns what was dropped or failed by that
   */
  readonly add: (notice: Notice, copies: readonly NewCopy[], now: number) => Result<readonly Delivery[]>;
  /** Heads of their ways that are due, those first that failed least lately; at most 200. */
  readonly due: (channel: string, now: number) => readonly OutboxRow[];
  readonly noticeOf: (row: OutboxRow) => Notice | null;
  /** An attempt begins; it is counted before anything leaves. */
  readonly begin: (row: OutboxRow, now: number) => void;
  readonly end: (row: OutboxRow, state: 'delivered' | 'failed', error: AppError | null, now: number) => void;
  readonly postpone: (row: OutboxRow, nextAt: number, error: AppError, now: number) => void;
  /** Everything that waits for a channel is due now. */
  readonly hurry: (channel: string) => void;
  /** Ends what waits for a channel. */
  readonly failAll: (channel: string, error: AppError, now: number) => readonly Delivery[];
  /** Copies that waited longer than a limit, and were tried so often at least. */
  readonly overdue: (channel: string, before: number, attempts: number) => readonly OutboxRow[];
  readonly backlog: (channel: string) => Backlog;
  /** When a channel last delivered something; of the remembered copies. */
  readonly lastDelivered: (channel: string) => number | null;
  /** What was lost since a moment. */
  readonly losses: (channel: string, since: number) => Losses;
  readonly list: (
    which: 'waiting' | 'ended',
    channel: string | null,
    limit: number,
  ) => { readonly entries: readonly Omit<Queued, 'channelName'>[]; readonly total: number };
  readonly deliveries: (notices: readonly string[]) => readonly Delivery[];
  /** Forgets the oldest of what has ended. */
  readonly trim: () => void;
};

type Row = {
  readonly seq: number;
  readonly notice: string;
  readonly channel: string;
  readonly recipient: string;
  readonly group_key: string;
  readonly kind: string;
  readonly title_zh: string;
  readonly title_en: string;
  readonly thread: string;
  readonly enqueued_ms: number;
  readonly attempts: number;
  readonly next_ms: number;
  readonly state: Queued['state'];
  readonly at_ms: number;
  readonly error: string | null;
};

/** A wall clock that was put back must not keep a copy waiting: nothing is ever put off for so long. */
const NEVER_SO_FAR_MS = 60 * 60_000;

/**
 * Opens the queue. What an earlier engine was sending when it ended waits again: whether the other side took it nobody knows.
 */
export function openOutboxStore(db: WritableDb): OutboxStore {
  const prepared = statements(db);
  db.prepare("UPDATE outbox SET state = 'waiting', next_ms = 0 WHERE state = 'sending'").run();

  const dropNotice = (notice: string): void => {
    prepared.dropNotice.run({ notice });
  };
  const finish = (
    row: Row | OutboxRow,
    state: Queued['state'],
    error: AppError | null,
    now: number,
  ): void => {
    prepared.finish.run({ seq: row.seq, state, error: error === null ? null : JSON.stringify(error), now });
    dropNotice(row.notice);
  };
  const inOne = <T>(work: () => T): T => db.transaction(work)();

  const makeRoom = (channel: string, name: string, now: number): Delivery | null => {
    if ((prepared.countOpen.get(channel)?.count ?? 0) < MOST_WAITING) return null;
    const oldest = prepared.droppable.get(channel);
    if (oldest === undefined) return null;
    const error = appError('CHANNEL_QUEUE_FULL', { name, limit: MOST_WAITING });
    finish(oldest, 'dropped', error, now);
    return deliveryOf({ ...oldest, state: 'dropped', at_ms: now }, error);
  };

  const addOne = (notice: Notice, copy: NewCopy, now: number): Delivery[] => {
    const { channel, to } = copy.recipient;
    const key = { notice: notice.id, channel, recipient: to ?? '' };
    if (prepared.known.get(key) !== undefined) return [];
    const dropped = copy.refused === null ? makeRoom(channel, copy.channelName, now) : null;
    const way = prepared.lastOfWay.get({ channel, recipient: key.recipient, group: notice.groupKey });
    // A trouble that has ended is over; what comes next in the same group is another one, and another thread.
    const thread = way === undefined || way.kind === 'resolved' ? notice.id : way.thread;
    prepared.insert.run({
      ...key,
      group: notice.groupKey,
      kind: notice.kind,
      zh: notice.title.zh,
      en: notice.title.en,
      thread,
      now,
      state: copy.refused === null ? 'waiting' : 'failed',
      error: copy.refused === null ? null : JSON.stringify(copy.refused),
    });
    const refused: Delivery[] =
      copy.refused === null
        ? []
        : [
            {
              notice: notice.id,
              recipient: copy.recipient,
              at: now,
              attempt: 1,
              state: 'failed',
              error: copy.refused,
            },
          ];
    return dropped === null ? refused : [dropped, ...refused];
  };

  return {
    add: (notice, copies, now) => {
      try {
        return ok(
          inOne(() => {
            prepared.addNotice.run(notice.id, JSON.stringify(notice));
            const said = copies.flatMap((copy) => addOne(notice, copy, now));
            dropNotice(notice.id);
            return said;
          }),
        );
      } catch (thrown) {
        // Only what SQLite says of the disk is expected here; anything else is a bug.
        if (!String((thrown as { readonly code?: unknown }).code).startsWith('SQLITE_')) throw thrown;
        return err(appError('OUTBOX_UNWRITABLE', { why: describeThrown(thrown) }));
      }
    },
    due: (channel, now) => prepared.due.all({ channel, now, far: now + NEVER_SO_FAR_MS }).map(outboxRow),
    noticeOf: (row) => {
      const body = prepared.notice.get(row.notice);
      return body === undefined ? null : noticeSchema.parse(JSON.parse(body));
    },
    begin: (row, now) => {
      prepared.begin.run({ seq: row.seq, now });
    },
    end: (row, state, error, now) => inOne(() => finish(row, state, error, now)),
    postpone: (row, nextAt, error, now) => {
      prepared.postpone.run({ seq: row.seq, nextAt, error: JSON.stringify(error), now });
    },
    hurry: (channel) => {
      prepared.hurry.run(channel);
    },
    failAll: (channel, error, now) =>
      inOne(() =>
        prepared.open.all(channel).map((row) => {
          finish(row, 'failed', error, now);
          return deliveryOf({ ...row, state: 'failed', at_ms: now }, error);
        }),
      ),
    overdue: (channel, before, attempts) =>
      prepared.overdue.all({ channel, before, attempts }).map(outboxRow),
    backlog: (channel) => {
      const found = prepared.backlog.get(channel);
      return { queued: found?.count ?? 0, oldestAt: found?.oldest ?? null, nextAt: found?.next ?? null };
    },
    lastDelivered: (channel) => prepared.lastDelivered.get(channel)?.at ?? null,
    losses: (channel, since) => {
      const found = prepared.losses.get({ channel, since });
      return { failed: found?.failed ?? 0, dropped: found?.dropped ?? 0, lastAt: found?.at ?? null };
    },
    list: (which, channel, limit) => {
      const query = which === 'waiting' ? prepared.listOpen : prepared.listEnded;
      const count = which === 'waiting' ? prepared.countAllOpen : prepared.countAllEnded;
      return {
        entries: query.all({ channel, limit }).map(queuedOf),
        total: count.get({ channel })?.count ?? 0,
      };
    },
    deliveries: (notices) =>
      notices.flatMap((notice) =>
        prepared.ofNotice.all(notice).flatMap((row) => {
          const said = row.attempts > 0 || row.state === 'failed' || row.state === 'dropped';
          return said ? [deliveryOf(row, errorOf(row))] : [];
        }),
      ),
    trim: () => {
      prepared.trim.run(MOST_ENDED);
    },
  };
}

function outboxRow(row: Row): OutboxRow {
  return {
    seq: row.seq,
    notice: row.notice,
    channel: row.channel,
    to: row.recipient === '' ? null : row.recipient,
    groupKey: row.group_key,
    thread: row.thread,
    enqueuedAt: row.enqueued_ms,
    attempts: row.attempts,
  };
}

function errorOf(row: Row): AppError | null {
  return row.error === null ? null : appErrorSchema.parse(JSON.parse(row.error));
}

const DELIVERY_STATES: Readonly<Record<Queued['state'], Delivery['state']>> = {
  waiting: 'retrying',
  sending: 'retrying',
  delivered: 'delivered',
  failed: 'failed',
  dropped: 'dropped',
};

function deliveryOf(row: Row, error: AppError | null): Delivery {
  return {
    notice: row.notice,
    recipient: { channel: row.channel, to: row.recipient === '' ? null : row.recipient },
    at: row.at_ms,
    attempt: Math.max(row.attempts, 1),
    state: DELIVERY_STATES[row.state],
    error,
  };
}

function queuedOf(row: Row): Omit<Queued, 'channelName'> {
  const isOpen = row.state === 'waiting' || row.state === 'sending';
  return {
    notice: row.notice,
    recipient: { channel: row.channel, to: row.recipient === '' ? null : row.recipient },
    // Only kinds of the contract are ever written.
    kind: row.kind as Queued['kind'],
    title: { zh: row.title_zh, en: row.title_en },
    enqueuedAt: row.enqueued_ms,
    attempts: row.attempts,
    nextAttemptAt: isOpen && row.next_ms > 0 ? row.next_ms : null,
    state: row.state,
    endedAt: isOpen ? null : row.at_ms,
    error: errorOf(row),
  };
}

const OPEN = "state IN ('waiting', 'sending')";

function statements(db: WritableDb) {
  return {
    addNotice: db.prepare<[string, string]>('INSERT OR IGNORE INTO outbox_notice (id, body) VALUES (?, ?)'),
    notice: db.prepare<[string], string>('SELECT body FROM outbox_notice WHERE id = ?').pluck(),
    dropNotice: db.prepare<[{ notice: string }]>(
      `DELETE FROM outbox_notice WHERE id = @notice
       AND NOT EXISTS (SELECT 1 FROM outbox WHERE notice = @notice AND ${OPEN})`,
    ),
    known: db.prepare<[{ notice: string; channel: string; recipient: string }], { one: number }>(
      'SELECT 1 AS one FROM outbox WHERE notice = @notice AND channel = @channel AND recipient = @recipient',
    ),
    lastOfWay: db.prepare<
      [{ channel: string; recipient: string; group: string }],
      { kind: string; thread: string }
    >(
      `SELECT kind, thread FROM outbox WHERE channel = @channel AND recipient = @recipient AND group_key = @group
       ORDER BY seq DESC LIMIT 1`,
    ),
    insert: db.prepare(
      `INSERT INTO outbox (notice, channel, recipient, group_key, kind, title_zh, title_en, thread, enqueued_ms, state, at_ms, error)
       VALUES (@notice, @channel, @recipient, @group, @kind, @zh, @en, @thread, @now, @state, @now, @error)`,
    ),
    due: db.prepare<[{ channel: string; now: number; far: number }], Row>(
      `SELECT * FROM outbox AS o
       WHERE channel = @channel AND state = 'waiting' AND (next_ms <= @now OR next_ms > @far)
         AND NOT EXISTS (
           SELECT 1 FROM outbox AS p
           WHERE p.channel = o.channel AND p.recipient = o.recipient AND p.group_key = o.group_key AND p.seq < o.seq
             AND p.${OPEN}
         )
       ORDER BY next_ms, seq LIMIT 200`,
    ),
    begin: db.prepare<[{ seq: number; now: number }]>(
      "UPDATE outbox SET state = 'sending', attempts = attempts + 1, at_ms = @now WHERE seq = @seq",
    ),
    finish: db.prepare<[{ seq: number; state: string; error: string | null; now: number }]>(
      'UPDATE outbox SET state = @state, error = @error, at_ms = @now WHERE seq = @seq',
    ),
    postpone: db.prepare<[{ seq: number; nextAt: number; error: string; now: number }]>(
      "UPDATE outbox SET state = 'waiting', next_ms = @nextAt, error = @error, at_ms = @now WHERE seq = @seq",
    ),
    hurry: db.prepare<[string]>("UPDATE outbox SET next_ms = 0 WHERE channel = ? AND state = 'waiting'"),
    open: db.prepare<[string], Row>(`SELECT * FROM outbox WHERE channel = ? AND ${OPEN} ORDER BY seq`),
    countOpen: db.prepare<[string], { count: number }>(
      `SELECT count(*) AS count FROM outbox WHERE channel = ? AND ${OPEN}`,
    ),
    // A reminder says nothing that the notice before it did not say.
    droppable: db.prepare<[string], Row>(
      `SELECT * FROM outbox WHERE channel = ? AND state = 'waiting'
       ORDER BY kind = 'reminder' DESC, seq LIMIT 1`,
    ),
    overdue: db.prepare<[{ channel: string; before: number; attempts: number }], Row>(
      `SELECT * FROM outbox WHERE channel = @channel AND state = 'waiting' AND enqueued_ms < @before
       AND attempts >= @attempts ORDER BY seq`,
    ),
    backlog: db.prepare<[string], { count: number; oldest: number | null; next: number | null }>(
      `SELECT count(*) AS count, min(enqueued_ms) AS oldest, min(next_ms) AS next FROM outbox
       WHERE channel = ? AND ${OPEN}`,
    ),
    lastDelivered: db.prepare<[string], { at: number | null }>(
      "SELECT max(at_ms) AS at FROM outbox WHERE channel = ? AND state = 'delivered'",
    ),
    losses: db.prepare<
      [{ channel: string; since: number }],
      { failed: number; dropped: number; at: number | null }
    >(
      `SELECT count(*) FILTER (WHERE state = 'failed') AS failed,
              count(*) FILTER (WHERE state = 'dropped') AS dropped, max(at_ms) AS at
       FROM outbox
       WHERE channel = @channel AND state IN ('failed', 'dropped') AND at_ms >= @since
         AND coalesce(json_extract(error, '$.code'), '') NOT IN ${NO_LOSS}`,
    ),
    listOpen: db.prepare<[{ channel: string | null; limit: number }], Row>(
      `SELECT * FROM outbox WHERE ${OPEN} AND (@channel IS NULL OR channel = @channel) ORDER BY seq LIMIT @limit`,
    ),
    listEnded: db.prepare<[{ channel: string | null; limit: number }], Row>(
      `SELECT * FROM outbox WHERE NOT ${OPEN} AND (@channel IS NULL OR channel = @channel)
       ORDER BY at_ms DESC, seq DESC LIMIT @limit`,
    ),
    countAllOpen: db.prepare<[{ channel: string | null }], { count: number }>(
      `SELECT count(*) AS count FROM outbox WHERE ${OPEN} AND (@channel IS NULL OR channel = @channel)`,
    ),
    countAllEnded: db.prepare<[{ channel: string | null }], { count: number }>(
      `SELECT count(*) AS count FROM outbox WHERE NOT ${OPEN} AND (@channel IS NULL OR channel = @channel)`,
    ),
    ofNotice: db.prepare<[string], Row>('SELECT * FROM outbox WHERE notice = ? ORDER BY seq'),
    trim: db.prepare<[number]>(
      `DELETE FROM outbox WHERE NOT ${OPEN} AND seq < (
         SELECT seq FROM outbox WHERE NOT ${OPEN} ORDER BY seq DESC LIMIT 1 OFFSET ?
       )`,
    ),
  };
}
