/** The type of a metric family as the exposition names it. */
export type FamilyType = 'counter' | 'gauge' | 'untyped';

/** One sample of a family. */
export type FamilySample = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
};

/** One metric with its samples. */
export type Family = {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly samples: readonly FamilySample[];
};

/** Makes a family of counters. */
export function counter(name: string, help: string, samples: readonly FamilySample[]): Family {
  return { name, type: 'counter', help, samples };
}

/** Makes a family of gauges. */
export function gauge(name: string, help: string, samples: readonly FamilySample[]): Family {
  return { name, type: 'gauge', help, samples };
}

/** A family of one gauge without labels. */
export function single(name: string, help: string, value: number, type: FamilyType = 'gauge'): Family {
  return { name, type, help, samples: [{ value }] };
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

/** Writes families as a Prometheus text exposition 0.0.4. Families without samples and samples without a number are left out. */
export function renderFamilies(families: readonly Family[]): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    const numbers = samples.filter((sample) => Number.isFinite(sample.value));
    if (numbers.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { labels, value } of numbers) {
      const pairs = Object.entries(labels ?? {}).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
      lines.push(`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`);
    }
  }
  lines.push('');
  return lines.join('\n');
}
