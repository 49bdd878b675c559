import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Channel } from '#shared/contract/channels.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { DESKTOP_CHANNEL } from '#shared/contract/notice.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secrets.ts';
import { sealChannel, settleChannel } from './channel-secrets.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxStore } from './outbox-store.ts';
import { sendBy } from './sender.ts';
import type { createSenders } from './senders/index.ts';
import type { ChannelStore } from './store.ts';
import { testNotice } from './test-notice.ts';

/** What the handlers work on. */
export type ChannelHandlerDeps = {
  readonly store: ChannelStore;
  readonly queue: OutboxStore;
  readonly outbox: Outbox;
  readonly senders: ReturnType<typeof createSenders>;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly siteName: () => string;
  readonly changed: () => void;
};

/** Answers `channels.*`. */
export function channelHandlers(deps: ChannelHandlerDeps): AreaHandlers<'channels'> {
  const { store, queue, outbox, senders, secrets, clock, changed } = deps;
  const keep = (channel: Channel): AppError | null => {
    const fault = faultOf(channel);
    if (fault !== null) return fault;
    const sealed = sealChannel(secrets, channel);
    if (!sealed.ok) return sealed.error;
    const isKept = store.channels.put(sealed.value);
    settleChannel(secrets, channel.id, isKept ? sealed.value : store.channels.get(channel.id));
    if (isKept) return null;
    return appError('CHANNEL_NAME_TAKEN', { name: channel.name }, { field: 'name' });
  };
  const missing = (id: string): Result<never> => err(appError('NOT_FOUND', { what: 'channel', id }));
  return {
    'channels.list': () => ok({ channels: [...store.channels.list()] }),
    'channels.add': (input) => {
      if (input.settings.type === 'desktop')
        return err(appError('CHANNEL_DESKTOP_FIXED', {}, { field: 'settings.type' }));
      const channel = { ...input, id: randomUUID() };
      const fault = keep(channel);
      if (fault !== null) return err(fault);
      changed();
      return ok({ id: channel.id });
    },
    'channels.update': (channel) => {
      const known = store.channels.get(channel.id);
      if (known === null) return missing(channel.id);
      if (known.settings.type !== channel.settings.type)
        return err(appError('CHANNEL_TYPE_FIXED', { name: known.name }, { field: 'settings.type' }));
      const fault = keep(channel);
      if (fault !== null) return err(fault);
      outbox.retry(channel.id);
      changed();
      return ok({});
    },
    'channels.remove': ({ id }) => {
      if (id === DESKTOP_CHANNEL) return err(appError('CHANNEL_DESKTOP_FIXED'));
      if (!store.channels.remove(id)) return missing(id);
      settleChannel(secrets, id, null);
      outbox.abandon(id);
      senders.alertmanager.forget(id);
      changed();
      return ok({});
    },
    'channels.test': async ({ settings, to }, { signal }) => {
      const notice = testNotice(clock.now(), deps.siteName());
      const began = clock.monotonic();
      const fault = faultOf({ settings });
      if (fault !== null) return err(fault);
      const copy = { channel: null, notice, to, thread: notice.id };
      const outcome = await sendBy(senders, settings, copy, signal);
      const saved = store.channels.list().find((channel) => isDeepStrictEqual(channel.settings, settings));
      if (saved !== undefined && !signal.aborted) outbox.note(saved.id, outcome);
      return ok({
        ok: outcome.ok,
        tookMs: clock.monotonic() - began,
        answer: outcome.answer,
        error: outcome.ok ? null : outcome.error,
      });
    },
    'channels.health': () => ok({ channels: [...outbox.health()] }),
    'channels.queue': ({ which, channel, limit }) => {
      const { entries, total } = queue.list(which, channel ?? null, limit);
      const nameOf = (id: string): string => store.channels.get(id)?.name ?? id;
      return ok({
        entries: entries.map((entry) => ({ ...entry, channelName: nameOf(entry.recipient.channel) })),
        total,
      });
    },
    'channels.deliveries': ({ notices }) => ok({ deliveries: [...queue.deliveries(notices)] }),
    'channels.retry': ({ id }) => {
      if (store.channels.get(id) === null) return missing(id);
      outbox.retry(id);
      return ok({});
    },
    'channels.attachDesktop': () => {
      senders.desktop.attach();
      changed();
      return ok({});
    },
    'channels.shown': ({ notice, how, error }) => {
      senders.desktop.shown(notice, how, error);
      return ok({});
    },
  };
}

/** What is wrong with settings besides their form. */
function faultOf({ settings }: Pick<Channel, 'settings'>): AppError | null {
  if (settings.type !== 'smtp' || settings.login === undefined || settings.security !== 'none') return null;
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(settings.host)
    ? null
    : appError('CHANNEL_LOGIN_UNENCRYPTED', {}, { field: 'settings.security' });
}
