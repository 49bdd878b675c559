import { type Channel, channelOfProblem } from '#shared/contract/channels.ts';
import type { Contact, Rota } from '#shared/contract/contacts.ts';
import { DESKTOP_CHANNEL, type Notice, type Recipient } from '#shared/contract/notice.ts';
import type { ReceiverTarget } from '#shared/contract/notify-config.ts';
import { onCallAround, onCallAt } from '#shared/domain/rota/on-call.ts';

/** Whom there is to tell. */
export type Directory = {
  readonly channels: readonly Channel[];
  readonly contacts: readonly Contact[];
  readonly rotas: readonly Rota[];
};

/** Always there, and needs nobody's address. */
const DESKTOP: Recipient = { channel: DESKTOP_CHANNEL, to: null };

/**
 * Who is told by a receiver at a moment. Whoever is named twice is told once. A receiver that names somebody and comes to
 * nobody (a gap in the rota, a person without any way) tells the desktop: an alert never goes nowhere by accident.
 */
export function resolveReceiver(
  directory: Directory,
  targets: readonly ReceiverTarget[],
  at: number,
): readonly Recipient[] {
  const found = targets.flatMap((target) => recipientsOf(directory, target, at));
  if (found.length === 0 && targets.length > 0) return [DESKTOP];
  return distinct(found);
}

function recipientsOf(directory: Directory, target: ReceiverTarget, at: number): readonly Recipient[] {
  switch (target.kind) {
    case 'channel':
      return [{ channel: target.channel, to: target.to }];
    case 'contact':
      return waysOf(directory, target.contact);
    case 'on_call':
      return onCall(directory.rotas, target, at).flatMap((contact) => waysOf(directory, contact));
    case 'full_screen':
      // The window takes the screen; the desktop's own channel makes the sound and the notification of it.
      return [DESKTOP];
  }
}

function onCall(
  rotas: readonly Rota[],
  { rota: id, who }: { readonly rota: string; readonly who: 'now' | 'next' },
  at: number,
): readonly string[] {
  const rota = rotas.find((one) => one.id === id);
  if (rota === undefined) return [];
  return who === 'now' ? onCallAt(rota, at).contacts : onCallAround(rota, at).next.contacts;
}

/** Whether a receiver's target exists. */
export function isKnownTarget({ channels, contacts, rotas }: Directory, target: ReceiverTarget): boolean {
  switch (target.kind) {
    case 'channel':
      return channels.some(({ id }) => id === target.channel);
    case 'contact':
      return contacts.some(({ id }) => id === target.contact);
    case 'on_call':
      return rotas.some(({ id }) => id === target.rota);
    case 'full_screen':
      return true;
  }
}

/** How a person is told: as the person says, or by mail when they say nothing and have an address. */
function waysOf({ channels, contacts }: Directory, id: string): readonly Recipient[] {
  const contact = contacts.find((one) => one.id === id);
  if (contact === undefined) return [];
  if (contact.via.length === 0) {
    const mail = channels.find(({ settings, enabled }) => enabled && settings.type === 'smtp');
    return mail === undefined || contact.email === '' ? [] : [{ channel: mail.id, to: contact.email }];
  }
  return contact.via.map(({ channel, to }) => ({ channel, to: to ?? addressOf(channels, channel, contact) }));
}

function addressOf(channels: readonly Channel[], id: string, { email, phone }: Contact): string | null {
  const type = channels.find((channel) => channel.id === id)?.settings.type;
  const address = type === 'smtp' ? email : type === 'command' ? phone : '';
  return address === '' ? null : address;
}

/**
 * Adds other ways to a notice about a channel that would go to that channel alone: what is broken cannot say so. The
 * channel's own copy stays, for when it works again.
 */
export function besidesTheBroken(
  channels: readonly Channel[],
  notice: Pick<Notice, 'alerts'>,
  recipients: readonly Recipient[],
): readonly Recipient[] {
  const names = new Set(notice.alerts.map(channelOfProblem).filter((name) => name !== null));
  const broken = new Set(
    channels.filter(({ id, name }) => names.has(id) || names.has(name)).map(({ id }) => id),
  );
  if (broken.size === 0 || recipients.length === 0) return recipients;
  const works = ({ channel }: Recipient): boolean =>
    !broken.has(channel) && channels.some(({ id, enabled }) => id === channel && enabled);
  if (recipients.some(works)) return recipients;
  const others = channels
    .filter(({ id, enabled, settings }) => {
      const hasReader = settings.type !== 'smtp' || settings.to.length > 0;
      return enabled && hasReader && !broken.has(id);
    })
    .map(({ id }) => ({ channel: id, to: null }));
  return distinct([...recipients, ...others]);
}

/** One copy for each reader of a channel that has several of its own. */
export function expanded(
  channels: readonly Channel[],
  recipients: readonly Recipient[],
): readonly Recipient[] {
  return distinct(
    recipients.flatMap((recipient) => {
      const settings = channels.find(({ id }) => id === recipient.channel)?.settings;
      if (settings?.type !== 'smtp' || recipient.to !== null || settings.to.length === 0) return [recipient];
      return settings.to.map((to) => ({ channel: recipient.channel, to }));
    }),
  );
}

function distinct(recipients: readonly Recipient[]): readonly Recipient[] {
  const seen = new Set<string>();
  return recipients.filter(({ channel, to }) => {
    const key = JSON.stringify([channel, to]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
