import type { ChannelLanguage } from '#shared/contract/channel-settings.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import { inLanguage } from './wording.ts';

/** An alert as Alertmanager's webhooks tell it. */
export type WebhookAlert = {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  /** 16 hexadecimal digits over the labels. */
  readonly fingerprint: string;
};

/** The message of Alertmanager's webhooks, version 4 (`notify/webhook` and `template.Data` of its source). */
export type WebhookMessage = {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly WebhookAlert[];
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string;
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
};

/** Go's zero time: an alert that fires still has no end. */
const NO_END = '0001-01-01T00:00:00Z';

/** A time as Go's encoding/json writes it: RFC 3339 in UTC, without zeros at the end of the fraction. */
export function goTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** Labels without empty values, in the order of their names: to Prometheus an empty label is an absent one. */
export function sortedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

/** What a rule's author wrote; of a built-in condition its sentence and its next step. */
export function annotationsOf(problem: Problem, language: ChannelLanguage): Record<string, string> {
  if (problem.alert !== undefined) return sortedLabels(problem.alert.annotations);
  return sortedLabels({
    description: inLanguage(problem.next, language, '\n'),
    summary: inLanguage(problem.sentence, language, ' / '),
  });
}

const PRIME = 0x100000001b3n;
const MASK = (1n << 64n) - 1n;

/** The fingerprint that Prometheus and Alertmanager give a set of labels: 64-bit FNV-1a over names and values. */
export function fingerprint(labels: Readonly<Record<string, string>>): string {
  let sum = 0xcbf29ce484222325n;
  const add = (byte: number): void => {
    sum = ((sum ^ BigInt(byte)) * PRIME) & MASK;
  };
  for (const [name, value] of Object.entries(sortedLabels(labels))) {
    for (const byte of Buffer.from(name, 'utf8')) add(byte);
    add(255);
    for (const byte of Buffer.from(value, 'utf8')) add(byte);
    add(255);
  }
  return sum.toString(16).padStart(16, '0');
}

/** Where a webhook's reader finds the console. */
export type ConsoleAddress = {
  /** Base address of the HTTP API, or '' while it does not listen. */
  readonly externalUrl: string;
};

/** One alert of a webhook. */
function webhookAlert(
  problem: Problem,
  language: ChannelLanguage,
  { externalUrl }: ConsoleAddress,
): WebhookAlert {
  const labels = sortedLabels(problem.labels);
  return {
    status: problem.until === null ? 'firing' : 'resolved',
    labels,
    annotations: annotationsOf(problem, language),
    startsAt: goTime(problem.since),
    endsAt: problem.until === null ? NO_END : goTime(problem.until),
    generatorURL: externalUrl,
    fingerprint: fingerprint(labels),
  };
}

/**
 * A notice as Alertmanager would post it.
 *
 * @param maxAlerts most alerts of the message; 0: all
 */
export function webhookMessage(
  notice: Notice,
  options: { readonly maxAlerts: number; readonly language: ChannelLanguage },
  address: ConsoleAddress,
): WebhookMessage {
  const all = notice.alerts.map((problem) => webhookAlert(problem, options.language, address));
  const alerts = options.maxAlerts === 0 ? all : all.slice(0, options.maxAlerts);
  const told = Math.max(notice.counts.firing + notice.counts.resolved, all.length);
  return {
    receiver: notice.receiver,
    status: all.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    groupLabels: sortedLabels(notice.groupLabels),
    commonLabels: common(all.map(({ labels }) => labels)),
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: address.externalUrl,
    version: '4',
    groupKey: notice.groupKey,
    truncatedAlerts: told - alerts.length,
  };
}

/** Pairs that all of them have. */
function common(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first, ...rest] = records;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((record) => record[name] === value)),
  );
}
