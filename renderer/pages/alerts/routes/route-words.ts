import type { Matcher, NotifyConfig, Receiver, ReceiverTarget } from '#shared/contract/notify-config.ts';
import { type Severity, severitySchema } from '#shared/contract/site.ts';
import { durationText } from '../../../components/time.ts';
import type { Translate } from '../../../locales/use-translation.ts';
import type { EffectiveRoute } from './route-tree.ts';

/** What ids of channels, contacts and rotas are called. */
export type Names = {
  readonly channels: ReadonlyMap<string, string>;
  readonly contacts: ReadonlyMap<string, string>;
  readonly rotas: ReadonlyMap<string, string>;
};

/** What sites call the severities, by the console's own names. */
const CALLED: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical', 'page', 'emergency', 'fatal'],
  warning: ['warning'],
  info: ['info', 'information', 'none'],
};

/** The one severity that a matcher means, also by its other names; null when it means something else. */
export function severityOf({ name, op, value }: Matcher): Severity | null {
  if (name !== 'severity' || (op !== '=' && op !== '=~')) return null;
  const names = op === '=' ? [value] : value.replace(/^\(\?i:(.*)\)$/, '$1').split('|');
  return severitySchema.options.find((known) => names.every((one) => CALLED[known].includes(one))) ?? null;
}

/** Which alerts matchers mean, in words: `严重级、tier=data 的告警`. */
export function matchersWords(t: Translate, matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return t('alerts:routes.everything');
  const named = matchers.find((matcher) => severityOf(matcher) !== null);
  const severity = named === undefined ? null : severityOf(named);
  const others = matchers.filter((matcher) => matcher !== named);
  const conditions = others
    .map(({ name, op, value }) => `${name}${op}${value === '' ? '""' : value}`)
    .join(' · ');
  if (severity === null) return t('alerts:routes.alertsWith', { conditions });
  const word = t(`common:state.${severity}`);
  return others.length === 0
    ? t('alerts:routes.alertsOf', { severity: word })
    : t('alerts:routes.alertsOfWith', { severity: word, conditions });
}

/** Who one target is. */
export function targetWords(t: Translate, target: ReceiverTarget, names: Names): string {
  switch (target.kind) {
    case 'channel':
      return [names.channels.get(target.channel) ?? target.channel, target.to]
        .filter((part) => part !== null)
        .join(' → ');
    case 'contact':
      return names.contacts.get(target.contact) ?? target.contact;
    case 'on_call':
      return t(`alerts:routes.onCall.${target.who}`, { rota: names.rotas.get(target.rota) ?? target.rota });
    case 'full_screen':
      return t('alerts:routes.fullScreen');
  }
}

/** Who a receiver is: its targets, or that it is told nothing. */
export function receiverWords(t: Translate, receiver: Receiver | undefined, names: Names): string {
  if (receiver === undefined) return t('alerts:routes.unknownReceiver');
  if (receiver.targets.length === 0) return t('alerts:routes.nobody');
  return receiver.targets.map((target) => targetWords(t, target, names)).join(' + ');
}

/** A route in one sentence: whom, after how long, how often, and what comes when nobody acknowledges. */
export function routeWords(t: Translate, one: EffectiveRoute, config: NotifyConfig, names: Names): string {
  const receiver = (name: string): string => {
    const found = config.receivers.find((known) => known.name === name);
    return receiverWords(t, found, names);
  };
  const time = (ms: number): string => durationText(t, ms);
  const parts = [
    receiver(one.receiver),
    one.groupWaitMs === 0
      ? t('alerts:routes.atOnce')
      : t('alerts:routes.after', { time: time(one.groupWaitMs) }),
    t('alerts:routes.repeated', { time: time(one.repeatIntervalMs) }),
    ...one.escalation.map(({ afterMs, receiver: next }) =>
      t('alerts:routes.escalates', { time: time(afterMs), who: receiver(next) }),
    ),
    ...one.route.muteTimes.map((name) => t('alerts:routes.mutedIn', { name })),
    ...one.route.activeTimes.map((name) => t('alerts:routes.onlyIn', { name })),
    ...(one.route.continue ? [t('alerts:routes.goesOn')] : []),
  ];
  return parts.join(t('alerts:routes.separator'));
}
