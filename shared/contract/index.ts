import type * as z from 'zod';
import type { Result } from '../errors/result.ts';
import { apiEvents, apiRequests } from './api.ts';
import { auditEvents, auditRequests } from './audit.ts';
import { backupEvents, backupRequests } from './backup.ts';
import { backupRetentionRequests } from './backup-retention.ts';
import { backupSourcesEvents, backupSourcesRequests } from './backup-sources.ts';
import { channelsEvents, channelsRequests } from './channels.ts';
import { checksEvents, checksRequests } from './checks.ts';
import { contactsRequests, shiftsRequests } from './contacts.ts';
import { dashboardsEvents, dashboardsRequests } from './dashboards.ts';
import { hostsEvents, hostsRequests } from './hosts.ts';
import { inventoryEvents, inventoryRequests } from './inventory.ts';
import { jobsEvents, jobsRequests } from './jobs.ts';
import { logsEvents, logsRequests } from './logs.ts';
import { logsPipelinesEvents, logsPipelinesRequests } from './logs-pipelines.ts';
import { logsRotationEvents, logsRotationRequests } from './logs-rotation.ts';
import { logsSearchEvents, logsSearchRequests } from './logs-search.ts';
import { logsSourcesEvents, logsSourcesRequests } from './logs-sources.ts';
import { metricsEvents, metricsRequests } from './metrics.ts';
import { notifyEvents, notifyRequests } from './notify.ts';
import { openMetricsRequests } from './openmetrics.ts';
import { recoveryEvents, recoveryRequests } from './recovery.ts';
import { remoteEvents, remoteRequests } from './remote.ts';
import { restoreEvents, restoreRequests } from './restore.ts';
import { rulesRequests } from './rules.ts';
import { rulesAuthoringEvents, rulesAuthoringRequests } from './rules-authoring.ts';
import { scrapeJobsEvents, scrapeJobsRequests } from './scrape-jobs.ts';
import { secretsEvents, secretsRequests } from './secrets.ts';
import { signalsRequests } from './signals.ts';
import { alertsRequests, siteEvents, siteRequests } from './site.ts';
import { siteDocumentRequests } from './site-document.ts';
import { sshRequests } from './ssh.ts';
import { trainingEvents, trainingRequests } from './training.ts';

/**
 * Every request that the engine answers. The window's client, the engine's handlers and the command line are
 * derived from this one map; there is no second list of names.
 */
export const requests = {
  ...siteRequests,
  ...siteDocumentRequests,
  ...alertsRequests,
  ...notifyRequests,
  ...channelsRequests,
  ...contactsRequests,
  ...shiftsRequests,
  ...hostsRequests,
  ...scrapeJobsRequests,
  ...checksRequests,
  ...inventoryRequests,
  ...metricsRequests,
  ...remoteRequests,
  ...openMetricsRequests,
  ...logsRequests,
  ...logsPipelinesRequests,
  ...logsSourcesRequests,
  ...logsRotationRequests,
  ...logsSearchRequests,
  ...jobsRequests,
  ...backupRequests,
  ...backupRetentionRequests,
  ...backupSourcesRequests,
  ...restoreRequests,
  ...rulesRequests,
  ...rulesAuthoringRequests,
  ...recoveryRequests,
  ...apiRequests,
  ...sshRequests,
  ...secretsRequests,
  ...trainingRequests,
  ...signalsRequests,
  ...dashboardsRequests,
  ...auditRequests,
};

/** Every event that the engine pushes to its clients. */
const events = {
  ...siteEvents,
  ...notifyEvents,
  ...channelsEvents,
  ...hostsEvents,
  ...scrapeJobsEvents,
  ...checksEvents,
  ...inventoryEvents,
  ...metricsEvents,
  ...remoteEvents,
  ...logsEvents,
  ...logsPipelinesEvents,
  ...logsSourcesEvents,
  ...logsRotationEvents,
  ...logsSearchEvents,
  ...jobsEvents,
  ...backupEvents,
  ...backupSourcesEvents,
  ...restoreEvents,
  ...recoveryEvents,
  ...rulesAuthoringEvents,
  ...apiEvents,
  ...dashboardsEvents,
  ...secretsEvents,
  ...trainingEvents,
  ...auditEvents,
};

export type RequestName = keyof typeof requests;
export type EventName = keyof typeof events;

/** What a caller gives: defaults may be left out. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
/** What a handler receives: validated, defaults filled in. */
export type RequestParams<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What a handler may use besides its parameters. */
export type CallContext = {
  /** Aborted when the caller cancels or its connection ends. */
  readonly signal: AbortSignal;
  /** Sends an event to this caller only. */
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void;
  /** Aborted when the caller's connection ends; for things that outlive the call, such as a live tail. */
  readonly closed: AbortSignal;
};

/** Answers one request; expected failures are values. */
export type Handler<N extends RequestName> = (
  params: RequestParams<N>,
  context: CallContext,
) => Result<RequestOutput<N>> | Promise<Result<RequestOutput<N>>>;

/** A handler for every request of the contract. */
export type Handlers = { readonly [N in RequestName]: Handler<N> };

/** The handlers of one area, e.g. `AreaHandlers<'hosts'>` has `hosts.list`, `hosts.add`, … */
export type AreaHandlers<A extends string> = {
  readonly [N in Extract<RequestName, `${A}.${string}`>]: Handler<N>;
};

/** Pushes an event to every client. */
export type Broadcast = <E extends EventName>(event: E, payload: EventPayload<E>) => void;
