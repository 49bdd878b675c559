import type { AreaHandlers } from '#shared/contract/index.ts';
import { type AuthoringArea, createAuthoringArea } from './alerts/authoring/area.ts';
import type { RulesArea } from './alerts/live/area.ts';
import { createLiveRules } from './live-rules.ts';
import type { MetricsArea } from './metrics/area.ts';
import { metricsOf, openPast } from './rule-past.ts';
import { ruleQuery } from './rule-query.ts';

/** Rules that run, with all that helps to write them. */
export type AuthoredRules = Omit<RulesArea, 'handlers'> & { readonly handlers: AreaHandlers<'rules'> };

/** Puts the rules that run and their authoring together: each needs the other's files. */
export function createAuthoredRules(
  deps: Omit<Parameters<typeof createLiveRules>[0], 'builtIn' | 'policyOf'> & {
    readonly metrics: Pick<MetricsArea, 'store' | 'sink' | 'rollups' | 'settings'>;
    /** False runs the operator's files alone; for tests that count groups. */
    readonly withStarter?: boolean;
  },
): AuthoredRules {
  const { clock, promql, metrics } = deps;
  const authoring: AuthoringArea = createAuthoringArea({
    db: deps.db,
    clock,
    check: async (text) => (await import('./rule-tools.ts')).checkRules(text),
    ask: (signal) => (expr) => ruleQuery(promql, signal)(expr, clock.now()),
    test: async (params, context) => {
      const { testOnPage } = await import('./rule-page-tests.ts');
      const { handlers } = live;
      return testOnPage(params, {
        list: () => handlers['rules.files.list']({}, context),
        get: (name) => handlers['rules.files.get']({ name }, context),
      });
    },
    backtest: () => ({
      ...deps.defaults(),
      externalUrl: deps.externalUrl(),
      metricsOf,
      monotonic: clock.monotonic,
      breathe: () => new Promise((resolve) => void setImmediate(resolve)),
      open: (rules, signal) =>
        openPast(
          {
            source: metrics.store,
            rollups: metrics.rollups,
            leftOpen: () => metrics.settings().leftOpenRanges,
            monotonic: clock.monotonic,
          },
          rules,
          signal,
        ),
    }),
  });
  const live = createLiveRules({
    ...deps,
    ...(deps.withStarter === false ? {} : { builtIn: authoring.builtIn }),
    policyOf: authoring.policyOf,
  });
  return {
    ...live,
    sections: [...live.sections, ...authoring.sections(live.apply)],
    handlers: { ...live.handlers, ...authoring.handlers({ ...live.handlers, apply: live.apply }) },
  };
}
