import { type Labels, labelsKey, labelsToRecord } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { createRulesArea, type RuleDefaults, type RulesArea, type RulesDeps } from './alerts/live/area.ts';
import type { LastSample } from './alerts/live/restore.ts';
import { RuleFault } from './alerts/rules/evaluate.ts';
import type { MetricsArea } from './metrics/area.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Timers } from './platform/timers.ts';
import type { PromqlEngine } from './promql/engine.ts';
import { inputsFinder } from './rule-inputs.ts';
import { ruleQuery } from './rule-query.ts';
import type { WritableDb } from './storage/sqlite.ts';

/** One rule may take so long; a site's rules take milliseconds. */
const RULE_TIMEOUT_MS = 30_000;

/** Rules over the series store: they ask the query language, and write back what they give. */
export function createLiveRules(deps: {
  readonly db: WritableDb;
  readonly promql: PromqlEngine;
  readonly metrics: Pick<MetricsArea, 'store' | 'sink'>;
  readonly defaults: () => RuleDefaults;
  /** Base address of the console for links in templates; '' when there is none. */
  readonly externalUrl: () => string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly ruleTimeoutMs?: number;
  readonly builtIn?: NonNullable<RulesDeps['builtIn']>;
  readonly policyOf?: NonNullable<RulesDeps['policyOf']>;
}): RulesArea {
  const { promql, metrics } = deps;
  return createRulesArea({
    ...deps,
    ruleTimeoutMs: deps.ruleTimeoutMs ?? RULE_TIMEOUT_MS,
    check: async (text) => (await import('./rule-tools.ts')).checkRules(text),
    query: (expr, at, signal) => ruleQuery(promql, signal)(expr, at),
    write: async (time, samples, ended) => {
      if (samples.length + ended.length === 0) return;
      const written = metrics.sink.compute({ time, samples, ended });
      if (!written.ok) throw new RuleFault(written.error.message.en);
    },
    lookForInputs: inputsFinder(metrics.store),
    findLast: (labels, from, to) => lastSample(metrics.store, labels, from, to),
  });
}

/** The newest sample of one series in [from, to], or null when there is none or it is a staleness marker. */
function lastSample(
  store: MetricsArea['store'],
  labels: Labels,
  from: number,
  to: number,
): LastSample | null {
  const matchers = Object.entries(labelsToRecord(labels)).map(
    ([name, value]) => ({ name, op: '=', value }) as const,
  );
  const key = labelsKey(labels);
  const found = store.select(matchers, from, to).find((each) => labelsKey(each.labels) === key);
  if (found === undefined) return null;
  const samples = new SampleBuffer();
  found.read(from, to, samples);
  const at = samples.length - 1;
  if (at < 0 || samples.isStale(at)) return null;
  return { time: samples.times[at] ?? 0, value: samples.values[at] ?? 0 };
}
