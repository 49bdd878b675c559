import type { Channel, ChannelHealth } from '#shared/contract/channels.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { Backlog, Losses } from './outbox-store.ts';

/** How a channel has done since the engine began; a time is null until it happens. */
export type ChannelRecord = {
  lastSuccessAt: number | null;
  lastErrorAt: number | null;
  lastError: AppError | null;
  failures: number;
  failingSince: number | null;
  /** Monotonic milliseconds since when every attempt failed. */
  failingFrom: number | null;
  /** Wall clock until when the channel rests; null: it does not. */
  restsUntil: number | null;
  delivered: number;
};

/** A channel of which nothing is known yet. */
export function newRecord(lastDeliveredAt: number | null): ChannelRecord {
  return {
    lastSuccessAt: lastDeliveredAt,
    lastErrorAt: null,
    lastError: null,
    failures: 0,
    failingSince: null,
    failingFrom: null,
    restsUntil: null,
    delivered: 0,
  };
}

/** So many failures in a row, or failing for so long, is a problem; less may be a restart of the other side. */
const FAILURES_TO_TELL = 3;
const PATIENCE_MS = 60_000;
/** A channel that fails for so long is critical: somebody relies on it. */
const CRITICAL_MS = 10 * 60_000;
/** What was lost counts for so long. */
export const LOSS_COUNTS_MS = 24 * 3_600_000;

/** Sums a channel up. */
export function healthOf(
  channel: Channel,
  record: ChannelRecord,
  { backlog, losses }: { readonly backlog: Backlog; readonly losses: Losses },
  now: number,
  isAbsent: boolean,
): ChannelHealth {
  return {
    channel: channel.id,
    name: channel.name,
    type: channel.settings.type,
    enabled: channel.enabled,
    state: stateOf(channel, record, isAbsent),
    lastSuccessAt: record.lastSuccessAt,
    lastErrorAt: record.lastErrorAt,
    lastError: record.lastError,
    failures: record.failures,
    failingSince: record.failingSince,
    nextAttemptAt:
      backlog.queued === 0 ? null : Math.max(record.restsUntil ?? 0, backlog.nextAt ?? 0) || null,
    queued: backlog.queued,
    oldestAt: backlog.oldestAt,
    delivered: record.delivered,
    failed: losses.failed,
    dropped: losses.dropped,
    lastLostAt: losses.lastAt,
    problem: isAbsent || !channel.enabled ? null : problemOf(record, now),
  };
}

function stateOf(channel: Channel, record: ChannelRecord, isAbsent: boolean): ChannelHealth['state'] {
  if (!channel.enabled) return 'off';
  if (isAbsent) return 'absent';
  if (record.failures > 0) return 'failing';
  return record.lastSuccessAt === null ? 'idle' : 'ok';
}

function problemOf(record: ChannelRecord, now: number): ChannelHealth['problem'] {
  const { failingSince, lastError, failures } = record;
  if (failingSince === null || lastError === null) return null;
  const lasts = now - failingSince;
  if (failures < FAILURES_TO_TELL && lasts < PATIENCE_MS) return null;
  return { error: lastError, since: failingSince, critical: lasts >= CRITICAL_MS };
}
