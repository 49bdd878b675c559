import type { PipelineFilter } from '#shared/contract/logs-pipelines.ts';
import { compileLinear } from './condition.ts';
import type { FieldValue, WorkEvent } from './event.ts';
import { Fault } from './fault.ts';
import { fieldName } from './reader.ts';
import { compileTemplate } from './template.ts';

type Mutate = Extract<PipelineFilter, { readonly kind: 'mutate' }>;
type Change = (event: WorkEvent) => void;

const TRUE = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', '0.0', '']);
/** A replacement may multiply a text's length; what gets longer than this is left as it was. */
const LONGEST = 1_048_576;
const MOST_PARTS = 10_000;

/** Compiles the changes of a mutate filter, in Logstash's own order, whatever the order in which they are written. */
export function compileMutate(filter: Mutate): Change {
  const changes: Change[] = [];
  const each = <T>(
    options: Readonly<Record<string, T>> | undefined,
    make: (field: string, value: T) => Change,
  ) => {
    for (const [field, value] of Object.entries(options ?? {})) changes.push(make(fieldName(field), value));
  };
  const listed = (fields: readonly string[] | undefined, change: (value: string) => string) => {
    for (const field of fields ?? []) changes.push((event) => mapTexts(event, fieldName(field), change));
  };
  each(filter.rename, (from, to) => (event) => {
    const found = event.entriesOf(from);
    if (found.length > 0) event.remove(from);
    for (const [inside, value] of found) event.set(fieldName(to) + inside, value);
  });
  each(filter.update, (field, text) => {
    const fill = compileTemplate(text);
    return (event) => {
      if (event.has(field)) event.set(field, fill(event));
    };
  });
  each(filter.replace, (field, text) => {
    const fill = compileTemplate(text);
    return (event) => event.set(field, fill(event));
  });
  each(filter.convert, (field, type) => (event) => mapTexts(event, field, (text) => converted(text, type)));
  for (const { field, pattern, with: replacement } of filter.gsub ?? []) {
    if (pattern.includes('%{'))
      throw new Fault({
        zh: `gsub 的表达式“${pattern}”不能引用字段`,
        en: `the expression "${pattern}" of gsub cannot refer to fields`,
      });
    const compiled = compileLinear(pattern);
    const groups = compiled.groupCount;
    const fill = compileTemplate(replacement);
    changes.push((event) => {
      const filled = fill(event);
      mapTexts(event, fieldName(field), (text) => {
        const replaced = compiled
          .matcher(text)
          // As in Ruby, \\1 is what the first group found.
          .replaceAll((match, ...found) =>
            filled.replace(/\\(\d)/g, (_all, digit: string) => {
              const group: unknown = digit === '0' ? match : found[Number(digit) - 1];
              return typeof group === 'string' && Number(digit) <= groups ? group : '';
            }),
          );
        return replaced.length > LONGEST ? text : replaced;
      });
    });
  }
  listed(filter.uppercase, (text) => text.toUpperCase());
  listed(filter.capitalize, (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase());
  listed(filter.lowercase, (text) => text.toLowerCase());
  listed(filter.strip, (text) => text.trim());
  each(filter.split, (field, by) => (event) => {
    const value = event.get(field);
    if (typeof value === 'string') event.set(field, splitText(value, by));
  });
  each(filter.join, (field, by) => (event) => {
    const value = event.get(field);
    if (value !== undefined && typeof value !== 'string') event.set(field, value.join(by));
  });
  each(filter.merge, (field, other) => (event) => {
    const added = event.get(fieldName(other));
    if (added === undefined) return;
    const value = event.get(field);
    event.set(field, value === undefined ? added : [...list(value), ...list(added)]);
  });
  each(filter.copy, (from, to) => (event) => {
    for (const [inside, value] of event.entriesOf(from)) event.set(fieldName(to) + inside, value);
  });
  return (event) => {
    for (const change of changes) change(event);
  };
}

/** As Ruby splits: nothing empty at the end, and a single space stands for any run of spaces. */
function splitText(text: string, by: string): readonly string[] {
  const parts = by === ' ' ? text.trimStart().split(/\s+/, MOST_PARTS) : text.split(by, MOST_PARTS);
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

function list(value: FieldValue): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function mapTexts(event: WorkEvent, field: string, change: (text: string) => string): void {
  const value = event.get(field);
  if (value === undefined) return;
  const next = typeof value === 'string' ? change(value) : value.map(change);
  if (JSON.stringify(next) !== JSON.stringify(value)) event.set(field, next);
}

/** What Logstash makes of a text: numbers by their beginning, zero when there is none. */
function converted(text: string, type: 'integer' | 'float' | 'string' | 'boolean'): string {
  if (type === 'string') return text;
  const lower = text.trim().toLowerCase();
  if (type === 'boolean') return TRUE.has(lower) ? 'true' : FALSE.has(lower) ? 'false' : text;
  if (lower === 'true') return '1';
  if (lower === 'false') return '0';
  const plain = lower.replaceAll(',', '');
  const number = Number.parseFloat(plain);
  if (!Number.isFinite(number)) return '0';
  if (type === 'float') return String(number);
  const whole = Math.trunc(number);
  // Integers beyond what a double holds exactly keep their digits.
  return Number.isSafeInteger(whole) ? String(whole) : (/^[+-]?\d+/.exec(plain)?.[0] ?? '0');
}
