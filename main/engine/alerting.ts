import { channelInputSchema } from '#shared/contract/channels.ts';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { AreaHandlers, Broadcast, Handlers } from '#shared/contract/index.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { openChannels } from './alert-channels.ts';
import { type AlertsArea, createAlertsArea } from './alerts/area.ts';
import { BUILT_IN } from './alerts/built-in.ts';
import { createNotifyArea, type NotifyArea } from './alerts/notify/area.ts';
import type { Dependencies } from './alerts/notify/causes.ts';
import type { NotifyOutbox } from './alerts/notify/ports.ts';
import type { KnownRule } from './alerts/notify/statistics.ts';
import type { ChannelsArea } from './channels/area.ts';
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
  /** How long a log source may be quiet, milliseconds; null when nobody wants to hear of it, or not enough is known. */
  readonly logSilenceMs: (sourceId: string) => number | null;
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

const REMEMBERED_MS = 1_000;

/** The inventory has judged which hosts are cut off; alerts name a host by its name, or by the instance that was scraped. */
function hostDependencies({
  hosts,
  targets,
  logSilenceMs,
  clock,
}: Pick<AlertingDeps, 'hosts' | 'targets' | 'logSilenceMs' | 'clock'>): Dependencies {
  let known: { readonly causes: NamesOf; readonly unseen: ReadonlySet<string> } = {
    causes: new Map(),
    unseen: new Set(),
  };
  let readAt = Number.NEGATIVE_INFINITY;
  const read = (): typeof known => {
    // Every alert asks, and answers change with scrapes only.
    if (clock.monotonic() - readAt < REMEMBERED_MS) return known;
    readAt = clock.monotonic();
    const all = hosts();
    const behind = new Map(
      all.flatMap(({ id, causes: found = [] }) =>
        found.length === 0 ? [] : [[id, found.map((cause) => cause.name)] as const],
      ),
    );
    const unseen = new Set(
      all.flatMap(({ id, state, targets: count }) => (state === 'not_watched' && count > 0 ? [id] : [])),
    );
    known = { causes: new Map(), unseen: new Set() };
    if (behind.size === 0 && unseen.size === 0) return known;
    const names = namesOf(all, targets());
    known = {
      causes: new Map(
        [...behind].flatMap(([id, found]) => (names.get(id) ?? []).map((name) => [name, found])),
      ),
      unseen: new Set([...unseen].flatMap((id) => names.get(id) ?? [])),
    };
    return known;
  };
  const causesOf: Dependencies['causesOf'] = (host) => read().causes.get(host) ?? [];
  // The states of hosts wait themselves until what is in front was asked.
  return {
    causesOf,
    isBehind: (host) => causesOf(host).length > 0,
    isUnseen: (host) => read().unseen.has(host),
    silenceMs: (id) => logSilenceMs(id.slice(id.indexOf(':') + 1)) ?? 0,
  };
}

type NamesOf = ReadonlyMap<string, readonly string[]>;

/** What alerts may call a host by its id: its name, and the instances that are scraped of it. */
function namesOf(hosts: readonly Host[], targets: readonly Target[]): NamesOf {
  const names = new Map(hosts.map(({ id, name }) => [id, [name]]));
  // Several hosts may share an address, never an address with its port.
  for (const { hostId, config } of targets)
    names.get(hostId)?.push(...[config.address, config.labels.instance ?? ''].filter((name) => name !== ''));
  return names;
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
