import type { LogField } from '#shared/contract/logs-search.ts';
import { LEVELS } from '../model.ts';
import { type FieldPartial, FieldSketch } from './fields/sketch.ts';
import type { Collector } from './scan.ts';

/** Fields that every event has; they are listed first. */
const ALWAYS = ['level', 'host', 'source', 'stream', 'tag'] as const;
/** Of these the columns of a block tell all. */
const IN_COLUMNS: ReadonlySet<string> = new Set(['level', 'host', 'source', 'stream']);
/** More fields than this are counted, not looked into. */
const MAX_FIELDS = 500;
/** Fields listed at most. */
const MAX_SHOWN = 200;

/** Statistics as they cross threads. */
export type FieldsPartial = {
  readonly events: number;
  readonly fields: readonly FieldPartial[];
  readonly more: readonly string[];
};

/** Collects what the values of fields are like. */
export function fieldsCollector(spec: {
  readonly fields: readonly string[] | null;
  readonly top: number;
}): Collector<FieldsPartial> & {
  readonly answer: () => { readonly events: number; readonly fields: LogField[]; readonly more: number };
} {
  const wanted = spec.fields === null ? null : new Set(spec.fields);
  const sketches = new Map<string, FieldSketch>();
  const more = new Set<string>();
  let events = 0;
  const columnsSuffice = wanted !== null && [...wanted].every((name) => IN_COLUMNS.has(name));
  const isWanted = (name: string): boolean => wanted === null || wanted.has(name);
  const sketch = (name: string): FieldSketch | null => {
    const known = sketches.get(name);
    if (known) return known;
    if (sketches.size >= MAX_FIELDS) {
      if (more.size < MAX_FIELDS) more.add(name);
      return null;
    }
    const made = new FieldSketch(name);
    sketches.set(name, made);
    return made;
  };
  const always = ALWAYS.filter(isWanted);
  for (const name of always) sketch(name);
  const add = (name: string, value: string, n = 1): void => {
    if (isWanted(name)) sketch(name)?.add(value, n);
  };
  return {
    wants: (_head, counts) => counts === null || !columnsSuffice,
    counted: ({ origin }, counts) => {
      const total = counts.reduce((sum, n) => sum + n, 0);
      if (total === 0) return;
      events += total;
      counts.forEach((n, level) => {
        if (n > 0) add('level', LEVELS[level] ?? 'unknown', n);
      });
      add('host', origin.host, total);
      add('source', origin.sourceName, total);
      if (origin.stream !== '') add('stream', origin.stream, total);
    },
    take: ({ subject, head: { origin } }) => {
      events += 1;
      add('level', LEVELS[subject.level] ?? 'unknown');
      add('host', origin.host);
      add('source', origin.sourceName);
      if (origin.stream !== '') add('stream', origin.stream);
      for (const tag of subject.changes?.tags ?? []) add('tag', tag);
      if (columnsSuffice) return;
      for (const [name, value] of Object.entries(subject.parsed().fields)) add(name, value);
    },
    isDone: () => false,
    partial: (last) =>
      last ? { events, fields: [...sketches.values()].map((one) => one.partial()), more: [...more] } : null,
    merge: (partial) => {
      events += partial.events;
      for (const field of partial.fields) sketch(field.name)?.merge(field);
      for (const name of partial.more) if (!sketches.has(name)) more.add(name);
    },
    found: () => events,
    answer: () => {
      const rank = (name: string): number => {
        const at = (always as readonly string[]).indexOf(name);
        return at < 0 ? always.length : at;
      };
      const sorted = [...sketches.values()].sort(
        (a, b) => rank(a.name) - rank(b.name) || b.count - a.count || (a.name < b.name ? -1 : 1),
      );
      const shown = sorted.slice(0, MAX_SHOWN);
      return {
        events,
        fields: shown.map((one) => one.shown(spec.top)),
        more: sorted.length - shown.length + more.size,
      };
    },
  };
}
