import { channelInputSchema } from '#shared/contract/channels.ts';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { AreaHandlers, Broadcast, Handlers } from '#shared/contract/index.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { openChannels } from './alert-channels.ts';
import { type AlertsArea, createAlertsArea } from './alerts/area.ts';
import { BUILT_IN } from './alerts/built-in.ts';
import { createNotifyArea, type NotifyArea } from './alerts/notify/area.ts';
import type { NotifyOutbox } from './alerts/notify/ports.ts';
import type { KnownRule } from './alerts/notify/statistics.ts';
import type { ChannelsArea } from './channels/area.ts';
import { type HostDependencyDeps, hostDependencies } from './host-dependencies.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { SecretStore } from './platform/secrets.ts';
import type { SiteSection } from './platform/site-section.ts';
import type { Timers } from './platform/timers.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** From what is wrong to who is told: conditions, the pipeline, channels. */
export type Alerting = {
  readonly handlers: AreaHandlers<'alerts'> & AreaHandlers<'notify'> & ChannelsArea['handlers'];
  readonly problems: AlertsArea['problems'];
  readonly lookedAt: AlertsArea['lookedAt'];
  readonly explained: NotifyArea['explained'];
  readonly channelHealth: ChannelsArea['health'];
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Begins to look and to tell. */
  readonly start: AlertsArea['start'];
  readonly close: () => Promise<void>;
};

/** What alerting is made over. */
export type AlertingDeps = {
  readonly db: WritableDb;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  readonly watching: boolean;
  /** Base address of the HTTP API, or null. */
  readonly apiUrl: () => string | null;
  readonly hosts: () => readonly Host[];
  readonly targets: () => readonly Target[];
  readonly ruleGroups: () => readonly LiveGroup[];
  readonly logSilenceMs: HostDependencyDeps['logSilenceMs'];
};

/** Puts the areas that alerts pass through one behind the other. */
export function createAlerting(deps: AlertingDeps): Alerting {
  const { db, secrets, clock, timers, logger, broadcast, watching } = deps;
  const alerts = createAlertsArea({ db, clock, timers, logger: logger.child('alerts'), broadcast });
  const channels = openChannels({
    ...{ db, secrets, clock, timers, logger, broadcast, watching, apiUrl: deps.apiUrl },
    problems: alerts.problems,
  });
  const notify = createNotifyArea({
    ...{ db, clock, timers, broadcast, problems: alerts.problems },
    logger: logger.child('notify'),
    dependencies: hostDependencies(deps),
    outbox: channelOutbox(channels),
    knownRules: () => knownRules(deps.ruleGroups()),
  });
  return {
    handlers: { ...alerts.handlers, ...channels.handlers, ...notify.handlers },
    problems: alerts.problems,
    lookedAt: alerts.lookedAt,
    explained: notify.explained,
    channelHealth: channels.health,
    sections: [...channels.sections, ...notify.sections],
    start: (snapshot, isSettled) => {
      alerts.start(snapshot, isSettled);
      notify.start();
    },
    close: async () => {
      alerts.close();
      notify.close();
      await channels.close();
    },
  };
}

/** The channels as the pipeline sees them. */
function channelOutbox(channels: ChannelsArea): NotifyOutbox {
  const add = channels.handlers['channels.add'];
  const context: Parameters<Handlers['channels.add']>[1] = {
    signal: new AbortController().signal,
    closed: new AbortController().signal,
    emit: () => undefined,
  };
  return {
    enqueue: channels.enqueue,
    resolve: channels.resolveReceiver,
    isKnown: channels.isKnownTarget,
    knownNow: channels.knownTargetsNow,
    channelName: (id) => channels.health().find(({ channel }) => channel === id)?.name ?? id,
    deliveries: channels.deliveries,
    onDelivery: channels.onDelivery,
    makeChannel: async ({ kind, name, fields }): Promise<Result<string>> => {
      const settings = importedSettings(kind, fields);
      const parsed = channelInputSchema.safeParse({ name, settings });
      if (!parsed.success)
        return err(
          appError('BAD_INPUT', {
            method: 'channels.add',
            field: parsed.error.issues[0]?.path.join('.') ?? kind,
            why: parsed.error.issues[0]?.message ?? kind,
          }),
        );
      const added = await add(parsed.data, context);
      return added.ok ? ok(added.value.id) : added;
    },
  };
}

/** Settings of a channel from the fields of an alertmanager.yml. */
function importedSettings(kind: string, fields: Readonly<Record<string, string>>): unknown {
  const { url, maxAlerts, smarthost = '', from, to = '', security } = fields;
  if (kind === 'webhook') return { type: 'webhook', url, maxAlerts: Number(maxAlerts) };
  const [, host, port] = /^(.*?):(\d+)$/.exec(smarthost) ?? [];
  const addresses = to
    .split(',')
    .map((address) => /<([^>]+)>\s*$/.exec(address)?.[1] ?? address.trim())
    .filter((address) => address !== '');
  return { type: 'smtp', host: host ?? smarthost, port: Number(port ?? 25), security, from, to: addresses };
}

/** Everything that could fire: built-in conditions and alerting rules. */
function knownRules(groups: readonly LiveGroup[]): readonly KnownRule[] {
  return [
    ...Object.values(BUILT_IN).map(({ alertname }) => ({ name: alertname, rule: null, severity: null })),
    ...groups.flatMap(({ file, name, rules }) =>
      rules
        .filter(({ kind }) => kind === 'alerting')
        .map((rule) => ({ name: rule.name, rule: { file, group: name }, severity: null })),
    ),
  ];
}
