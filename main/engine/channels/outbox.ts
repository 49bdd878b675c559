import type { Channel, ChannelHealth } from '#shared/contract/channels.ts';
import { DESKTOP_CHANNEL, type Delivery, type Notice, type Recipient } from '#shared/contract/notice.ts';
import {
  type AppError,
  appError,
  type Bilingual,
  describeThrown,
  ok,
  type Result,
} from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import { backoff } from './backoff.ts';
import { type ChannelRecord, healthOf, LOSS_COUNTS_MS, newRecord } from './health.ts';
import type { NewCopy, OutboxRow, OutboxStore } from './outbox-store.ts';
import { besidesTheBroken, expanded } from './recipients.ts';
import { type Copy, later, type SendFailure, type SendOutcome } from './sender.ts';

/** Notices on their way: kept on the disk, sent in order, tried again, and never lost without a word. */
export type Outbox = {
  /**
   * Takes a notice. When this returns, its copies are on the disk; the same notice for the same recipient is taken once.
   *
   * @returns OUTBOX_UNWRITABLE
   */
  readonly enqueue: (notice: Notice, recipients: readonly Recipient[]) => Result<void>;
  readonly health: () => readonly ChannelHealth[];
  /** Tries everything that waits for a channel at once; to be called, too, when its settings have changed. */
  readonly retry: (channel: string) => void;
  /** Gives up what waits for a channel that goes. */
  readonly abandon: (channel: string) => void;
  /** A failure or success outside the queue, e.g. of a test or of the repetition of alerts. */
  readonly note: (channel: string, outcome: SendOutcome) => void;
  /** Resolves when nothing is being sent any more. What waits stays on the disk. */
  readonly close: () => Promise<void>;
};

/** What the outbox works with. */
export type OutboxDeps = {
  readonly store: OutboxStore;
  readonly channels: () => readonly Channel[];
  /** Sends one copy; never throws. */
  readonly send: (channel: Channel, copy: Copy, signal: AbortSignal) => Promise<SendOutcome>;
  /** False: this engine has no desktop. */
  readonly hasDesktop: () => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly random: () => number;
  /** Hears what becomes of every copy, attempt by attempt. */
  readonly delivered: (delivery: Delivery) => void;
  /** Something that the pages show has changed. */
  readonly changed: () => void;
  /** False: what comes is kept, nothing is sent. */
  readonly sending: boolean;
};

/** Copies that one channel may have under way at once, of different groups. */
const AT_ONCE = 4;
/** A sender that does not keep its timeout is left after so long. */
const LONGEST_ATTEMPT_MS = 11 * 60_000;
/** A copy is given up for its age only after it was tried so often: a clock that jumps gives nothing up. */
const LEAST_ATTEMPTS = 3;
/** The queue is looked through so often at least. */
const LOOK_EVERY_MS = 30_000;
const TRIM_EVERY = 500;

/** Makes the outbox; what an earlier engine left is sent first. */
export function createOutbox(deps: OutboxDeps): Outbox {
  const { store, clock, timers, logger } = deps;
  const records = new Map<string, ChannelRecord>();
  /** Groups that a channel is telling at this moment. */
  const underway = new Map<string, Set<string>>();
  const running = new Set<Promise<void>>();
  const abort = new AbortController();
  let cancelTimer: CancelTimer = () => undefined;
  let ended = 0;
  let isClosed = false;

  const recordOf = (channel: string): ChannelRecord => {
    const known = records.get(channel);
    if (known !== undefined) return known;
    const made = newRecord(store.lastDelivered(channel));
    records.set(channel, made);
    return made;
  };
  const groupsOf = (channel: string): Set<string> => {
    const known = underway.get(channel) ?? new Set<string>();
    underway.set(channel, known);
    return known;
  };
  const say = (delivery: Delivery): void => {
    if (delivery.state === 'failed' || delivery.state === 'dropped')
      logger.log('warn', 'a notice was given up', {
        channel: delivery.recipient.channel,
        notice: delivery.notice,
        state: delivery.state,
        code: delivery.error?.code,
      });
    deps.delivered(delivery);
  };

  /** The channel as a whole does, or does not, get through. */
  const noteSuccess = (channel: string): void => {
    const record = recordOf(channel);
    const wasFailing = record.failures > 0;
    record.lastSuccessAt = clock.now();
    record.lastError = null;
    record.failures = 0;
    record.failingSince = null;
    record.failingFrom = null;
    record.restsUntil = null;
    if (wasFailing) {
      logger.log('info', 'a channel works again', { channel });
      store.hurry(channel);
    }
  };
  const noteFailure = (channel: string, failure: SendFailure): void => {
    const record = recordOf(channel);
    record.lastErrorAt = clock.now();
    record.lastError = failure.error;
    if (failure.retry !== 'all-later') return;
    // What was under way beside the attempt that failed first tells nothing new.
    if (record.restsUntil !== null && clock.now() < record.restsUntil && failure.waitMs === null) return;
    record.failures += 1;
    record.failingSince ??= clock.now();
    record.failingFrom ??= clock.monotonic();
    const pause = Math.max(backoff(record.failures, deps.random()), failure.waitMs ?? 0);
    record.restsUntil = clock.now() + pause;
    if (record.failures === 1)
      logger.log('warn', 'a channel fails', {
        channel,
        code: failure.error.code,
        detail: failure.error.detail,
      });
  };

  const finish = (row: OutboxRow, attempt: number, outcome: SendOutcome): void => {
    const now = clock.now();
    const recipient = { channel: row.channel, to: row.to };
    const delivery = { notice: row.notice, recipient, at: now, attempt };
    if (outcome.ok) {
      store.end(row, 'delivered', null, now);
      noteSuccess(row.channel);
      recordOf(row.channel).delivered += 1;
      say({ ...delivery, state: 'delivered', error: null });
    } else if (outcome.retry === 'never') {
      store.end(row, 'failed', outcome.error, now);
      // An answer about the copy is an answer: the channel itself works.
      if (outcome.answer !== '') noteSuccess(row.channel);
      say({ ...delivery, state: 'failed', error: outcome.error });
    } else {
      noteFailure(row.channel, outcome);
      const own = now + backoff(attempt, deps.random());
      store.postpone(row, Math.max(own, recordOf(row.channel).restsUntil ?? 0), outcome.error, now);
      say({ ...delivery, state: 'retrying', error: outcome.error });
    }
    ended += 1;
    if (ended % TRIM_EVERY === 0) store.trim();
  };

  const attempt = async (channel: Channel, row: OutboxRow): Promise<void> => {
    const notice = store.noticeOf(row);
    if (notice === null) throw new Error(`the outbox has lost notice ${row.notice}`);
    store.begin(row, clock.now());
    const copy = { channel: channel.id, notice, to: row.to, thread: row.thread };
    const outcome = await bounded(deps, channel, copy, abort.signal);
    // What was cut off by the end of the engine is neither a failure nor an attempt that counts: it waits.
    if (isClosed && !outcome.ok) return;
    finish(row, row.attempts + 1, outcome);
    deps.changed();
  };

  const start = (channel: Channel, row: OutboxRow): void => {
    const groups = groupsOf(channel.id);
    groups.add(row.groupKey);
    const work: Promise<void> = attempt(channel, row)
      .catch((thrown: unknown) => {
        logger.log('error', 'sending a notice threw', { channel: channel.id, why: describeThrown(thrown) });
        const error = appError('INTERNAL', { what: describeThrown(thrown) });
        finish(row, row.attempts + 1, later(error, '', 'later'));
      })
      .finally(() => {
        running.delete(work);
        groups.delete(row.groupKey);
        pump();
      });
    running.add(work);
  };

  /** Gives up what waited longer than its channel allows, and has really been tried. */
  const giveUp = (channel: Channel): void => {
    const { giveUpAfterMs, name } = channel;
    const record = recordOf(channel.id);
    const failsSo = record.failingFrom !== null && clock.monotonic() - record.failingFrom >= giveUpAfterMs;
    for (const row of store.overdue(channel.id, clock.now() - giveUpAfterMs, failsSo ? 0 : LEAST_ATTEMPTS)) {
      const why = record.lastError?.message ?? { zh: '未知', en: 'unknown' };
      const error = appError('CHANNEL_GAVE_UP', { name, age: hoursText(giveUpAfterMs), why });
      store.end(row, 'failed', error, clock.now());
      const recipient = { channel: row.channel, to: row.to };
      say({
        notice: row.notice,
        recipient,
        at: clock.now(),
        attempt: Math.max(row.attempts, 1),
        state: 'failed',
        error,
      });
    }
  };

  const pumpChannel = (channel: Channel): void => {
    giveUp(channel);
    const now = clock.now();
    const record = recordOf(channel.id);
    const rests =
      record.restsUntil !== null && now < record.restsUntil && record.restsUntil - now < LOOK_EVERY_MS * 30;
    if (rests) return;
    const groups = groupsOf(channel.id);
    // While it fails, one copy at a time finds out whether it works again.
    const most = record.failures > 0 ? 1 : AT_ONCE;
    if (groups.size >= most) return;
    for (const row of store.due(channel.id, now)) {
      if (groups.size >= most) return;
      if (!groups.has(row.groupKey)) start(channel, row);
    }
  };

  /** When something that waits falls due, as far as is known. */
  const nextLook = (): number => {
    const now = clock.now();
    const times = deps.channels().flatMap((channel) => {
      const { nextAt, queued } = store.backlog(channel.id);
      if (!channel.enabled || queued === 0 || nextAt === null) return [];
      return [Math.max(nextAt, recordOf(channel.id).restsUntil ?? 0) - now];
    });
    return Math.min(Math.max(Math.min(...times), 50), LOOK_EVERY_MS);
  };

  const pump = (): void => {
    if (isClosed || !deps.sending) return;
    for (const channel of deps.channels()) if (channel.enabled) pumpChannel(channel);
    cancelTimer();
    cancelTimer = timers.after(nextLook(), pump);
  };

  const copyOf = (channels: readonly Channel[], recipient: Recipient): NewCopy => {
    const channel = channels.find(({ id }) => id === recipient.channel);
    return {
      recipient,
      channelName: channel?.name ?? recipient.channel,
      refused: refusalOf(channel, recipient),
    };
  };

  if (deps.sending) cancelTimer = timers.after(0, pump);
  return {
    enqueue: (notice, recipients) => {
      const channels = deps.channels();
      const all = expanded(channels, besidesTheBroken(channels, notice, recipients));
      const added = store.add(
        notice,
        all.map((recipient) => copyOf(channels, recipient)),
        clock.now(),
      );
      if (!added.ok) return added;
      for (const delivery of added.value) say(delivery);
      deps.changed();
      pump();
      return ok(undefined);
    },
    health: () =>
      deps.channels().map((channel) => {
        const isAbsent = channel.id === DESKTOP_CHANNEL && !deps.hasDesktop();
        const now = clock.now();
        const queue = {
          backlog: store.backlog(channel.id),
          losses: store.losses(channel.id, now - LOSS_COUNTS_MS),
        };
        return healthOf(channel, recordOf(channel.id), queue, now, isAbsent);
      }),
    retry: (channel) => {
      recordOf(channel).restsUntil = null;
      store.hurry(channel);
      pump();
    },
    abandon: (channel) => {
      for (const delivery of store.failAll(
        channel,
        appError('CHANNEL_UNKNOWN', { id: channel }),
        clock.now(),
      ))
        deps.delivered(delivery);
      records.delete(channel);
    },
    note: (channel, outcome) => {
      if (outcome.ok) noteSuccess(channel);
      else if (outcome.retry !== 'never') noteFailure(channel, outcome);
      deps.changed();
      pump();
    },
    close: async () => {
      isClosed = true;
      cancelTimer();
      abort.abort();
      await Promise.all([...running]);
    },
  };
}

/** Why a copy cannot be sent at all, or null. */
function refusalOf(channel: Channel | undefined, recipient: Recipient): AppError | null {
  if (channel === undefined) return appError('CHANNEL_UNKNOWN', { id: recipient.channel });
  const { name, enabled, settings } = channel;
  if (!enabled) return appError('CHANNEL_OFF', { name });
  if (settings.type === 'smtp' && recipient.to === null) return appError('CHANNEL_NO_ADDRESSEE', { name });
  return null;
}

/** An attempt with an end, also when a sender has forgotten its own. */
function bounded(
  { send, timers }: Pick<OutboxDeps, 'send' | 'timers'>,
  channel: Channel,
  copy: Copy,
  closing: AbortSignal,
): Promise<SendOutcome> {
  const abort = new AbortController();
  const onClosing = (): void => abort.abort();
  closing.addEventListener('abort', onClosing, { once: true });
  if (closing.aborted) abort.abort();
  return new Promise<SendOutcome>((resolve, reject) => {
    const cancel = timers.after(LONGEST_ATTEMPT_MS, () => {
      abort.abort();
      const seconds = LONGEST_ATTEMPT_MS / 1000;
      resolve(
        later(appError('CHANNEL_TIMEOUT', { where: channel.name, seconds, step: channel.settings.type })),
      );
    });
    send(channel, copy, abort.signal)
      .then(resolve, reject)
      .finally(() => {
        cancel();
        closing.removeEventListener('abort', onClosing);
      });
  });
}

function hoursText(ms: number): Bilingual {
  const hours = ms / 3_600_000;
  if (hours < 1) {
    const minutes = Math.round(ms / 60_000);
    return { zh: `${minutes} 分钟`, en: `${minutes} min` };
  }
  const text = hours.toFixed(1).replace(/\.0$/, '');
  return { zh: `${text} 小时`, en: `${text} h` };
}
