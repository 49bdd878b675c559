import { hostname } from 'node:os';
import type { ChannelType } from '#shared/contract/channel-settings.ts';
import type { DesktopNotice } from '#shared/contract/channels.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from '../../platform/http/client.ts';
import { madeLate } from '../../platform/made-late.ts';
import type { SecretSource } from '../../platform/secrets.ts';
import type { Timers } from '../../platform/timers.ts';
import type { ConsoleAddress } from '../alert-json.ts';
import type { Sender, Senders } from '../sender.ts';
import { type AlertmanagerSender, alertmanagerSender } from './alertmanager.ts';
import type { ToldAlerts } from './alertmanager-store.ts';
import { commandSender } from './command.ts';
import { type DesktopLink, desktopSender } from './desktop.ts';
import type { MailSite } from './mail-text.ts';
import { webhookSender } from './webhook.ts';

/** What senders need of their surroundings. */
export type SenderDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly http: HttpClient;
  readonly secrets: SecretSource;
  readonly told: ToldAlerts;
  readonly tellDesktop: (notice: DesktopNotice) => void;
  readonly site: () => Omit<MailSite, 'hostName'>;
  readonly address: () => ConsoleAddress;
  readonly firing: () => ReadonlySet<string> | null;
};

/** Makes a sender of each type. */
export function createSenders(
  deps: SenderDeps,
): Senders & { readonly desktop: DesktopLink; readonly alertmanager: AlertmanagerSender } {
  const { clock, timers, http, secrets } = deps;
  const hostName = hostname();
  return {
    desktop: desktopSender({ clock, timers, tell: deps.tellDesktop }),
    smtp: loadedLate(async () => {
      const { smtpSender } = await import('./smtp.ts');
      return smtpSender(() => ({ ...deps.site(), hostName }), secrets, timers);
    }),
    webhook: webhookSender(http, deps.address),
    alertmanager: alertmanagerSender(deps),
    syslog: loadedLate(async () => {
      const { syslogSender } = await import('./syslog.ts');
      return syslogSender({ hostName, pid: process.pid }, secrets, timers);
    }),
    command: commandSender(timers),
  };
}

/** A sender whose libraries are loaded with what it first sends: most consoles send nothing in their first minute. */
function loadedLate<T extends ChannelType>(load: () => Promise<Sender<T>>): Sender<T> {
  const late = madeLate(load);
  return { send: async (settings, copy, signal) => (await late.get()).send(settings, copy, signal) };
}
