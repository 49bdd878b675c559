import type { SettingsOf } from '#shared/contract/channel-settings.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from '../../platform/http/client.ts';
import { annotationsOf, type ConsoleAddress, fingerprint, goTime, sortedLabels } from '../alert-json.ts';
import type { Sender, SendOutcome } from '../sender.ts';
import type { ToldAlerts } from './alertmanager-store.ts';
import { postJson } from './http-post.ts';

type Settings = SettingsOf<'alertmanager'>;

/** One alert as `POST /api/v2/alerts` takes it. */
export type PostableAlert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
};

/** A sender that also keeps the other side from believing that alerts have ended. */
export type AlertmanagerSender = Sender<'alertmanager'> & {
  /**
   * Sends again what fires still, as Prometheus does, and the end of what has ended without a notice.
   *
   * @returns null when there was nothing to send
   */
  readonly refresh: (channel: string, settings: Settings, signal: AbortSignal) => Promise<SendOutcome | null>;
  readonly forget: (channel: string) => void;
};

/** Prometheus lets an alert end by itself after four times the pause between two sendings (`rules.Alert.ValidUntil`). */
const PAUSES_TO_LIVE = 4;
/** How long a test alert fires. */
const TEST_MS = 60_000;

/** What is told of a problem at a moment. */
function postable(
  problem: Problem,
  settings: Settings,
  now: number,
  { externalUrl }: ConsoleAddress,
): PostableAlert {
  return {
    labels: sortedLabels({ ...settings.labels, ...problem.labels }),
    annotations: annotationsOf(problem, settings.language),
    startsAt: goTime(problem.since),
    endsAt: goTime(problem.until ?? now + PAUSES_TO_LIVE * settings.resendMs),
    generatorURL: externalUrl,
  };
}

/** Tells a real Alertmanager, which groups, silences and routes by itself. */
export function alertmanagerSender(deps: {
  readonly http: HttpClient;
  readonly told: ToldAlerts;
  readonly clock: Clock;
  readonly address: () => ConsoleAddress;
  /** Ids of what fires now; null while that is not known yet. */
  readonly firing: () => ReadonlySet<string> | null;
}): AlertmanagerSender {
  const { http, told, clock, address } = deps;
  /** The last thing that each channel does: an end must not be overtaken by a repetition that says "fires still". */
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = <T>(channel: string | null, work: () => Promise<T>): Promise<T> => {
    const key = channel ?? '';
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    turns.set(key, turn);
    return turn;
  };
  const post = (
    settings: Settings,
    alerts: readonly PostableAlert[],
    signal: AbortSignal,
  ): Promise<SendOutcome> =>
    postJson(
      http,
      {
        server: settings,
        url: `${settings.url.replace(/\/+$/, '')}/api/v2/alerts`,
        headers: {},
        json: alerts,
      },
      signal,
    );
  const keyed = (settings: Settings, problems: readonly Problem[]) =>
    problems.map((problem) => ({
      fingerprint: fingerprint({ ...settings.labels, ...problem.labels }),
      problem,
    }));

  return {
    send: (settings, { channel, notice }, signal) =>
      inTurn(channel, async () => {
        const now = clock.now();
        if (notice.kind === 'test') return post(settings, [testAlert(notice, settings, now)], signal);
        const outcome = await post(
          settings,
          notice.alerts.map((problem) => postable(problem, settings, now, address())),
          signal,
        );
        if (outcome.ok && channel !== null) told.tell(channel, keyed(settings, notice.alerts));
        return outcome;
      }),
    refresh: (channel, settings, signal) =>
      inTurn(channel, async () => {
        const firing = deps.firing();
        const known = told.list(channel);
        if (firing === null || known.length === 0) return null;
        const now = clock.now();
        const problems = known.map((problem) =>
          firing.has(problem.id) ? problem : { ...problem, until: now },
        );
        const alerts = problems.map((problem) => postable(problem, settings, now, address()));
        const outcome = await post(settings, alerts, signal);
        if (outcome.ok) told.tell(channel, keyed(settings, problems));
        return outcome;
      }),
    forget: told.forget,
  };
}

function testAlert(notice: Notice, settings: Settings, now: number): PostableAlert {
  return {
    labels: sortedLabels({ ...settings.labels, alertname: 'HmttTest', severity: 'info' }),
    annotations: { summary: notice.title.en, description: notice.text.en },
    startsAt: goTime(now),
    endsAt: goTime(now + TEST_MS),
    generatorURL: '',
  };
}
