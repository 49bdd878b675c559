import type { Delivery, Notice, Recipient } from '#shared/contract/notice.ts';
import type { ReceiverTarget } from '#shared/contract/notify-config.ts';
import type { Result } from '#shared/errors/index.ts';

/** What carries notices to people and programs. */
export type NotifyOutbox = {
  /** Takes a notice for good; one with an id that it has already is taken once. */
  readonly enqueue: (notice: Notice, recipients: readonly Recipient[]) => Result<void>;
  /** Who is told by some targets at a moment. */
  readonly resolve: (targets: readonly ReceiverTarget[], at: number) => readonly Recipient[];
  /** Whether the channel, contact or rota exists. */
  readonly isKnown: (target: ReceiverTarget) => boolean;
  /** The same, of what console.db says at the call: within a transaction, too. */
  readonly knownNow: () => (target: ReceiverTarget) => boolean;
  /** What a channel is called. */
  readonly channelName: (channel: string) => string;
  /** Makes a channel for an imported receiver, or says why it has to be made by hand. @returns its id */
  readonly makeChannel: (wanted: WantedChannel) => Promise<Result<string>>;
  /** What became of the copies of some notices, as far as it is remembered. */
  readonly deliveries: (notices: readonly string[]) => readonly Delivery[];
  /** Hears what becomes of every copy. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => void;
};

/** A channel that an imported configuration needs. */
export type WantedChannel = {
  readonly kind: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
};
