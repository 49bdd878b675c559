import type { Channel } from '#shared/contract/channels.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Timers } from '../platform/timers.ts';
import { later, type SendOutcome } from './sender.ts';
import type { AlertmanagerSender } from './senders/alertmanager.ts';

/** How often it is looked whether a repetition is due. */
const LOOK_EVERY_MS = 500;

/** Keeps real Alertmanagers told of what fires. Returns what ends it. */
export function keepAlertmanagersTold(deps: {
  readonly sender: AlertmanagerSender;
  readonly channels: () => readonly Channel[];
  readonly note: (channel: string, outcome: SendOutcome) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
}): () => Promise<void> {
  const { sender, clock, logger } = deps;
  const lastAt = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const abort = new AbortController();
  const refresh = async ({ id, settings }: Channel): Promise<void> => {
    if (settings.type !== 'alertmanager') return;
    try {
      const outcome = await sender.refresh(id, settings, abort.signal);
      if (outcome !== null && !abort.signal.aborted) deps.note(id, outcome);
    } catch (thrown) {
      logger.log('error', 'repeating alerts threw', { channel: id, why: describeThrown(thrown) });
      deps.note(id, later(appError('INTERNAL', { what: describeThrown(thrown) })));
    } finally {
      lastAt.set(id, clock.monotonic());
      running.delete(id);
    }
  };
  const stop = deps.timers.every(LOOK_EVERY_MS, () => {
    for (const channel of deps.channels()) {
      const { id, enabled, settings } = channel;
      if (!enabled || settings.type !== 'alertmanager' || running.has(id)) continue;
      // After a start the first repetition comes at once: the other side may have waited for it.
      if (clock.monotonic() - (lastAt.get(id) ?? Number.NEGATIVE_INFINITY) < settings.resendMs) continue;
      running.set(id, refresh(channel));
    }
  });
  return async () => {
    stop();
    abort.abort();
    await Promise.all(running.values());
  };
}
