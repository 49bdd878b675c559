import type { ChannelSettings, ChannelType, SettingsOf } from '#shared/contract/channel-settings.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { AppError } from '#shared/errors/index.ts';

/** One copy of a notice, as a sender gets it. */
export type Copy = {
  /** The channel's id; null when settings are tried that were not saved. */
  readonly channel: string | null;
  readonly notice: Notice;
  /** E.g. an e-mail address; null where the channel itself says it. */
  readonly to: string | null;
  /** Id of the first notice of the same trouble on this way, so that a mail about its end lands beside that of its beginning. */
  readonly thread: string;
};

/** Why a copy was not taken. */
export type SendFailure = {
  readonly ok: false;
  readonly error: AppError;
  /**
   * `never`: the other side has judged this very copy, and would again. `later`: it may take it later on. `all-later`: no
   * copy gets through at present, so that the channel rests before it tries the next one. What a person can put right
   * (a login, a certificate, an address that does not answer) is never `never`: it is for that person that the queue keeps it.
   */
  readonly retry: 'never' | 'later' | 'all-later';
  /** How long the other side asked to be left alone, or null. */
  readonly waitMs: number | null;
  /** What the other side said, untranslated; '' when nothing. */
  readonly answer: string;
};

/** What came of one attempt. `answer` is what the other side said, for "send a test". */
export type SendOutcome = { readonly ok: true; readonly answer: string } | SendFailure;

/** One type of channel. */
export type Sender<T extends ChannelType> = {
  /**
   * Tells one recipient. Ends within the settings' timeout, and soon after the signal; never throws. Resolves with success
   * only when the other side has said that it took the copy (UDP syslog, which says nothing, is the one exception).
   */
  readonly send: (settings: SettingsOf<T>, copy: Copy, signal: AbortSignal) => Promise<SendOutcome>;
};

/** One sender for each type. */
export type Senders = { readonly [T in ChannelType]: Sender<T> };

/** Sends by the settings' own type. */
export function sendBy(
  senders: Senders,
  settings: ChannelSettings,
  copy: Copy,
  signal: AbortSignal,
): Promise<SendOutcome> {
  // The map has a sender of the settings' own type under each type; the compiler cannot follow that through a union.
  const sender = senders[settings.type] as Sender<ChannelType>;
  return sender.send(settings, copy, signal);
}

/** A failure that may pass. */
export function later(
  error: AppError,
  answer = '',
  retry: 'later' | 'all-later' = 'all-later',
  waitMs: number | null = null,
): SendFailure {
  return { ok: false, error, retry, waitMs, answer };
}

/** A failure for good. */
export function never(error: AppError, answer = ''): SendFailure {
  return { ok: false, error, retry: 'never', waitMs: null, answer };
}

/** What another side said, for a sentence: one line without control characters, at most 300 characters. */
export function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}
