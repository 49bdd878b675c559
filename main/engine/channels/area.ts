import type { ChannelHealth } from '#shared/contract/channels.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { Delivery, Notice, Recipient } from '#shared/contract/notice.ts';
import type { ReceiverTarget } from '#shared/contract/notify-config.ts';
import type { SiteSettings } from '#shared/contract/site.ts';
import type { Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { lazyHttpClient } from '../platform/http/lazy-client.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { channelHandlers } from './channel-handlers.ts';
import { createOutbox } from './outbox.ts';
import { openOutboxStore } from './outbox-store.ts';
import { peopleHandlers } from './people-handlers.ts';
import { type Directory, isKnownTarget, resolveReceiver } from './recipients.ts';
import { keepAlertmanagersTold } from './refresher.ts';
import { sendBy } from './sender.ts';
import { openToldAlerts } from './senders/alertmanager-store.ts';
import { createSenders } from './senders/index.ts';
import { channelSections } from './site-sections.ts';
import { type ChannelStore, openChannelStore } from './store.ts';

/** The area `channels`: ways to tell people, the people, and the queue between. */
export type ChannelsArea = {
  readonly handlers: AreaHandlers<'channels'> & AreaHandlers<'contacts'> & AreaHandlers<'shifts'>;
  /** Who is told by a receiver's targets at a moment. */
  readonly resolveReceiver: (targets: readonly ReceiverTarget[], at: number) => readonly Recipient[];
  /** Whether what a target names exists. */
  readonly isKnownTarget: (target: ReceiverTarget) => boolean;
  /** The same, of what console.db says at the call: within a transaction, too. */
  readonly knownTargetsNow: () => (target: ReceiverTarget) => boolean;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /**
   * Takes a notice: on the disk when this returns, once for each recipient however often it is called.
   *
   * @returns OUTBOX_UNWRITABLE
   */
  readonly enqueue: (notice: Notice, recipients: readonly Recipient[]) => Result<void>;
  /** What became of the copies of a notice so far; remembered for the newest 20,000 copies. */
  readonly deliveries: (notices: readonly string[]) => readonly Delivery[];
  /** Hears what becomes of every copy, attempt by attempt, until the returned function is called. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => () => void;
  /** How every channel does; a channel's `problem` is to become an alert, whose label `channel` is the channel's name. */
  readonly health: () => readonly ChannelHealth[];
  readonly close: () => Promise<void>;
};

/** What the area needs from its surroundings. */
export type ChannelsDeps = {
  readonly db: WritableDb;
  /** Keeps passwords, tokens and keys of channels. */
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly site: () => SiteSettings;
  /** Base address of the console's HTTP API, or '' while it does not listen. */
  readonly externalUrl: () => string;
  /** Ids of the problems that are open now; null while that is not known yet. */
  readonly firing: () => ReadonlySet<string> | null;
  /** False in a one-shot command: notices are kept, and sent by the engine that watches next. */
  readonly sending: boolean;
  readonly random?: () => number;
};

/** Changes are told this seldom. */
const TELL_EVERY_MS = 250;

/** Builds the area. */
export function createChannelsArea(deps: ChannelsDeps): ChannelsArea {
  const { db, secrets, clock, timers, logger, broadcast } = deps;
  const store = openChannelStore(db);
  const queue = openOutboxStore(db);
  const http = lazyHttpClient({ clock, timers, secrets });
  const listeners = new Set<(delivery: Delivery) => void>();
  let cancelTelling: CancelTimer | null = null;
  const changed = (): void => {
    cancelTelling ??= timers.after(TELL_EVERY_MS, () => {
      cancelTelling = null;
      broadcast('channels.changed', {});
    });
  };
  const senders = createSenders({
    clock,
    timers,
    http,
    secrets,
    told: openToldAlerts(db),
    tellDesktop: (notice) => broadcast('channels.desktop', notice),
    site: () => {
      const { siteName, classification } = deps.site();
      return { name: siteName, classification };
    },
    address: () => ({ externalUrl: deps.externalUrl() }),
    firing: deps.firing,
  });
  const outbox = createOutbox({
    store: queue,
    channels: store.channels.list,
    send: (channel, copy, signal) => sendBy(senders, channel.settings, copy, signal),
    hasDesktop: senders.desktop.isThere,
    clock,
    timers,
    logger,
    random: deps.random ?? Math.random,
    delivered: (delivery) => {
      for (const listener of listeners) listener(delivery);
    },
    changed,
    sending: deps.sending,
  });
  const stopRefreshing = deps.sending
    ? keepAlertmanagersTold({
        sender: senders.alertmanager,
        channels: store.channels.list,
        note: outbox.note,
        clock,
        timers,
        logger,
      })
    : async () => undefined;
  const directoryOf = ({ channels, contacts, rotas }: ChannelStore): Directory => ({
    channels: channels.list(),
    contacts: contacts.list(),
    rotas: rotas.list(),
  });
  const directory = (): Directory => directoryOf(store);
  const siteName = (): string => deps.site().siteName;
  return {
    handlers: {
      ...channelHandlers({ store, queue, outbox, senders, secrets, clock, siteName, changed }),
      ...peopleHandlers({ store, clock, changed }),
    },
    resolveReceiver: (targets, at) => resolveReceiver(directory(), targets, at),
    isKnownTarget: (target) => isKnownTarget(directory(), target),
    knownTargetsNow: () => {
      const now = directoryOf(openChannelStore(db));
      return (target) => isKnownTarget(now, target);
    },
    sections: channelSections(db, store, () => {
      for (const documents of [store.channels, store.contacts, store.rotas]) documents.reread();
      changed();
    }),
    enqueue: outbox.enqueue,
    deliveries: queue.deliveries,
    onDelivery: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    health: outbox.health,
    close: async () => {
      await stopRefreshing();
      await outbox.close();
      await http.close();
      cancelTelling?.();
    },
  };
}
