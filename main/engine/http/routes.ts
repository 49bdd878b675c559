import type { Timers } from '../platform/timers.ts';
import { text } from './answer.ts';
import { federate } from './federate.ts';
import { labels, labelValues, metadata, series, targetMetadata } from './label-endpoints.ts';
import { type OwnSources, ownMetrics } from './own-metrics.ts';
import { exemplars, instantQuery, type QueryParts, rangeQuery } from './query-endpoints.ts';
import type { Route } from './router.ts';
import { alerts, rules } from './rule-endpoints.ts';
import { alertmanagers, scrapePools, targets } from './site-endpoints.ts';
import type { ApiSources } from './sources.ts';
import { buildInfo, config, flags, runtimeInfo, tsdb, walReplay } from './status-endpoints.ts';

/** What the endpoints are made of. */
export type RouteParts = OwnSources & {
  readonly timers: Timers;
  /** The operating system's name of this machine. */
  readonly hostName: string;
  /** `HOST:PORT` that is listened on. */
  readonly listen: () => string;
};

const GET = ['GET'] as const;
const FORM = ['GET', 'POST'] as const;
const PROBE = ['GET', 'HEAD'] as const;

/** Every endpoint; docs/http-api.md has the same list, and a test compares the two. */
export function createRoutes(parts: RouteParts): readonly Route[] {
  return [
    ...dataRoutes(parts.sources, parts),
    ...siteRoutes(parts.sources, parts),
    { path: '/federate', methods: GET, answer: federate(parts.sources) },
    { path: '/metrics', methods: GET, answer: ownMetrics(parts) },
    { path: '/-/healthy', methods: PROBE, answer: () => text(200, 'HMTT Console is Healthy.\n') },
    { path: '/-/ready', methods: PROBE, answer: ready(parts.sources) },
  ];
}

/** In Prometheus's words: not before what it is asked for can be answered. */
function ready({ areRulesRead }: ApiSources): Route['answer'] {
  return () => (areRulesRead() ? text(200, 'HMTT Console is Ready.\n') : text(503, 'Service Unavailable'));
}

function dataRoutes(sources: ApiSources, parts: QueryParts): readonly Route[] {
  return [
    { path: '/api/v1/query', methods: FORM, answer: instantQuery(sources, parts) },
    { path: '/api/v1/query_range', methods: FORM, answer: rangeQuery(sources, parts) },
    { path: '/api/v1/query_exemplars', methods: FORM, answer: exemplars(sources) },
    { path: '/api/v1/series', methods: FORM, answer: series(sources) },
    { path: '/api/v1/labels', methods: FORM, answer: labels(sources) },
    { path: '/api/v1/label/:name/values', methods: GET, answer: labelValues(sources) },
    { path: '/api/v1/metadata', methods: GET, answer: metadata(sources) },
    { path: '/api/v1/targets/metadata', methods: GET, answer: targetMetadata(sources) },
  ];
}

function siteRoutes(sources: ApiSources, { hostName, listen, startedAt }: RouteParts): readonly Route[] {
  return [
    { path: '/api/v1/targets', methods: GET, answer: targets(sources, hostName) },
    { path: '/api/v1/scrape_pools', methods: GET, answer: scrapePools(sources) },
    { path: '/api/v1/alertmanagers', methods: GET, answer: alertmanagers },
    { path: '/api/v1/rules', methods: GET, answer: rules(sources) },
    { path: '/api/v1/alerts', methods: GET, answer: alerts(sources) },
    { path: '/api/v1/status/buildinfo', methods: GET, answer: buildInfo(sources) },
    { path: '/api/v1/status/runtimeinfo', methods: GET, answer: runtimeInfo(sources, startedAt) },
    { path: '/api/v1/status/config', methods: GET, answer: config },
    { path: '/api/v1/status/flags', methods: GET, answer: flags(sources, listen) },
    { path: '/api/v1/status/tsdb', methods: GET, answer: tsdb(sources) },
    { path: '/api/v1/status/walreplay', methods: GET, answer: walReplay },
  ];
}
