import type { GoFunction } from './signatures.ts';
import { formatTime, TIME_METHODS } from './time-format.ts';
import { GoMap, GoSample, GoStruct, type GoValue, GoVector, printed, sortedEntries } from './values.ts';

/** A field of a struct by its name; undefined when it has none of that name. Maps and times are not structs. */
export function fieldOf(receiver: GoValue, name: string): GoValue | undefined {
  if (receiver instanceof GoStruct) return receiver.fields.get(name);
  if (!(receiver instanceof GoSample)) return undefined;
  return name === 'Labels' ? receiver.labels : name === 'Value' ? receiver.value : undefined;
}

/** A method of `*time.Time`; null when templates cannot call one of that name. */
export function timeMethod(ms: number, name: string): GoFunction | null {
  if (name === 'Format') return { params: ['string'], call: ([layout]) => formatTime(ms, String(layout)) };
  const plain = TIME_METHODS[name];
  return plain === undefined ? null : { params: [], call: () => plain(ms) };
}

/** What `range` goes over, as key and item; null when it cannot go over such a value. */
export function itemsOf(value: GoValue): readonly (readonly [GoValue, GoValue])[] | null {
  if (value === null) return [];
  if (value instanceof GoMap) return sortedEntries(value);
  return value instanceof GoVector
    ? value.samples.map((item, index) => [BigInt(index), item] as const)
    : null;
}

/** A value as an action writes it: what a pointer points to, and `<no value>` for none. */
export function shown(value: GoValue): string {
  if (value === null) return '<no value>';
  if (value instanceof GoSample) return printed(value).slice(1);
  return printed(value);
}
