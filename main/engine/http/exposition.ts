/** The content type of the text format. */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** A metric of the console's own, with the value of each of its series. */
export type OwnMetric = {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly series: readonly { readonly labels: readonly string[]; readonly value: number }[];
};

/** A metric of one series without labels. */
export function single(name: string, type: OwnMetric['type'], help: string, value: number): OwnMetric {
  return { name, type, help, series: [{ labels: [], value }] };
}

/** Writes metrics in Prometheus's text format, version 0.0.4. Label lists are flat: name, value, name, value. */
export function exposition(metrics: readonly OwnMetric[]): string {
  let text = '';
  for (const { name, type, help, series } of metrics) {
    text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
    for (const { labels, value } of series) text += `${name}${labelText(labels)} ${value}\n`;
  }
  return text;
}

/** A flat list of labels in braces; '' for none. */
export function labelText(labels: readonly string[]): string {
  if (labels.length === 0) return '';
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const value = (labels[i + 1] ?? '')
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll('\n', '\\n');
    pairs.push(`${labels[i]}="${value}"`);
  }
  return `{${pairs.join(',')}}`;
}
