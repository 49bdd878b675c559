/** A trigger as a rule of Prometheus. */
export type ZabbixRule = {
  readonly alert: string;
  readonly expr: string;
  readonly severity: string;
  readonly summary: string;
};

const SUFFIX: Readonly<Record<string, number>> = {
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};
const SEVERITY: Readonly<Record<string, string>> = {
  DISASTER: 'critical',
  HIGH: 'critical',
  AVERAGE: 'warning',
  WARNING: 'warning',
};
const OVER_TIME: Readonly<Record<string, string>> = {
  avg: 'avg_over_time',
  min: 'min_over_time',
  max: 'max_over_time',
  sum: 'sum_over_time',
};
const OPERATOR: Readonly<Record<string, string>> = { '=': '==', '<>': '!=' };
/** `avg(/Template/key[…],5m)>=5` */
const SIMPLE =
  /^(last|avg|min|max|sum|nodata)\(\/[^/]+\/(.+?)(?:,\s*(#?\w+))?\)\s*(<=|>=|<>|=|<|>)\s*(-?[\d.]+)([KMGTsmhdw]?)$/;

/**
 * Writes a trigger that compares one function of one item with a number as a rule over `zabbix_item_value`.
 *
 * @returns the rule, or the part that is not simple
 */
export function triggerRule(
  trigger: { readonly expression: string; readonly name: string; readonly priority: string },
  fill: (text: string) => string,
  host: string,
): ZabbixRule | string {
  const expression = fill(trigger.expression.trim());
  const [, name = '', key = '', period, operator = '', amount = '', suffix = ''] =
    SIMPLE.exec(expression) ?? [];
  if (name === '' || !isOneKey(key)) return expression;
  const number = Number(amount) * (SUFFIX[suffix] ?? 1);
  if (!Number.isFinite(number)) return expression;
  const series = `zabbix_item_value{host=${JSON.stringify(host)},key=${JSON.stringify(key)}}`;
  const compared = `${OPERATOR[operator] ?? operator} ${number}`;
  const rule = (expr: string): ZabbixRule => ({
    alert: trigger.name,
    expr,
    severity: SEVERITY[trigger.priority] ?? 'info',
    summary: trigger.name,
  });
  if (name === 'last')
    return period === undefined || period === '#1' ? rule(`${series} ${compared}`) : expression;
  // A count of values is not a time.
  if (period === undefined || !/^\d+[smhdw]?$/.test(period)) return expression;
  const window = /\d$/.test(period) ? `${period}s` : period;
  if (name === 'nodata')
    return operator === '=' && number === 1 ? rule(`absent_over_time(${series}[${window}])`) : expression;
  return rule(`${OVER_TIME[name]}(${series}[${window}]) ${compared}`);
}

/** One item's key: a name, and at most one pair of brackets that closes at its end. */
function isOneKey(key: string): boolean {
  const [, parameters] = /^[\w.-]+(?:\[(.*)\])?$/s.exec(key) ?? [key, null];
  if (parameters === null) return false;
  let depth = 0;
  for (const char of parameters ?? '') {
    depth += char === '[' ? 1 : char === ']' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Alert names of Prometheus are words. */
const alertName = (text: string): string => {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z_]/.test(name) ? name.slice(0, 100) : `Zabbix${name.slice(0, 94)}`;
};

/** Writes rules as a rule file; '' without rules. JSON is YAML, so every text is quoted safely. */
export function ruleFile(rules: readonly ZabbixRule[], version: string): string {
  if (rules.length === 0) return '';
  const lines = rules.flatMap(({ alert, expr, severity, summary }) => [
    `      - alert: ${alertName(alert)}`,
    `        expr: ${JSON.stringify(expr)}`,
    `        labels: {severity: ${severity}}`,
    `        annotations: {summary: ${JSON.stringify(summary)}}`,
  ]);
  return [
    `# From a template export of Zabbix ${version.replace(/[^\w.]/g, '')}.`,
    'groups:',
    '  - name: zabbix',
    '    rules:',
    ...lines,
    '',
  ].join('\n');
}
