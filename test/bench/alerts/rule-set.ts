/** Rules for each family of the exporter farm; see `ruleFile`. */
export const RULES_A_FAMILY = 20;

/**
 * A rule file over the families of the exporter farm (test/helpers/exporter-farm.ts), in the habits of real ones: sums of
 * rates that are recorded, thresholds on single series, ratios, means over time, forecasts, absences. Some alerts are always
 * pending or firing, because the farm's gauges swing.
 *
 * @param families one group of 20 rules for each
 */
export function ruleFile(families: number, intervalSeconds: number): string {
  let text = 'groups:\n';
  for (let family = 0; family < families; family++) {
    text += `- name: family-${family}\n  interval: ${intervalSeconds}s\n  rules:\n`;
    for (const rule of [...recording(family), ...alerting(family)]) text += rule;
  }
  return text;
}

function recording(family: number): readonly string[] {
  const ops = `hmtt_ops_${family}_total`;
  const load = `hmtt_load_${family}`;
  const record = (name: string, expr: string): string => `  - record: ${name}\n    expr: ${expr}\n`;
  return [
    record(`instance:ops_${family}:rate2m`, `sum by (instance) (rate(${ops}[2m]))`),
    record(`device:ops_${family}:rate5m`, `sum by (device) (rate(${ops}[5m]))`),
    record(`instance:load_${family}:avg`, `avg by (instance) (${load})`),
    record(`job:load_${family}:max`, `max by (job) (max_over_time(${load}[2m]))`),
  ];
}

function alerting(family: number): readonly string[] {
  const ops = `hmtt_ops_${family}_total`;
  const load = `hmtt_load_${family}`;
  const alert = (name: string, expr: string, wait: string): string =>
    `  - alert: ${name}${family}\n    expr: ${expr}\n    for: ${wait}\n    labels: {severity: warning, family: "${family}"}\n` +
    `    annotations:\n      summary: "{{ $labels.instance }} {{ $labels.device }}: {{ $value | humanize }}"\n`;
  const high = Array.from({ length: 9 }, (_, i) =>
    alert(`LoadHigh${i}_`, `${load}{device="d${9 + i}"} > 85`, i % 2 === 0 ? '1m' : '0s'),
  );
  return [
    ...high,
    alert('OpsFast', `rate(${ops}{device="d0"}[2m]) > 1000`, '30s'),
    alert('OpsStopped', `sum by (instance) (rate(${ops}[5m])) == 0`, '1m'),
    alert('LoadLong', `avg_over_time(${load}{device="d12"}[5m]) > 70`, '1m'),
    alert('LoadForecast', `predict_linear(${load}{device="d13"}[5m], 3600) > 500`, '5m'),
    alert('InfoGone', `absent(hmtt_info_${family}{device="d18"})`, '1m'),
    alert('ShareHigh', `${load}{device="d14"} / on (instance) instance:load_${family}:avg > 2`, '1m'),
    alert('FewInstances', `count by (job) (hmtt_info_${family}) < 1`, '1m'),
  ];
}
