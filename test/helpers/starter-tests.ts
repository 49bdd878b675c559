import type { StarterDefinition } from '../../main/engine/alerts/authoring/starter/define.ts';
import { starterGroups } from '../../main/engine/alerts/authoring/starter/index.ts';
import type { StarterCase } from '../fixtures/starter-cases.ts';

const rules = new Map(
  starterGroups.flatMap(({ rules: all }) => all.map((rule) => [rule.name, rule] as const)),
);

/** A test file of `promtool test rules` for cases of the starter set, over the rule files beside it. JSON is YAML. */
export function starterTestFile(cases: readonly StarterCase[]): string {
  return JSON.stringify({
    rule_files: ['*.rules.yml'],
    evaluation_interval: '1m',
    tests: cases.map(({ rule, series, at, alerts }) => ({
      name: rule,
      interval: '1m',
      input_series: series.map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [
        { eval_time: '0m', alertname: rule, exp_alerts: [] },
        {
          eval_time: at,
          alertname: rule,
          exp_alerts: alerts.map(({ labels, zh, en, advice }) => {
            const definition = known(rule);
            return {
              exp_labels: { ...labels, severity: definition.severity },
              exp_annotations: {
                summary_zh: zh,
                summary_en: en,
                description_zh: (advice ?? definition.advice).zh,
                description_en: (advice ?? definition.advice).en,
              },
            };
          }),
        },
      ],
    })),
  });
}

function known(name: string): StarterDefinition {
  const rule = rules.get(name);
  if (rule === undefined) throw new Error(`no starter rule ${name}`);
  return rule;
}
