import { compareText } from '#shared/domain/text-order.ts';

/** JSON whose members are in one order, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => compareText(a, b)))
      : inner,
  );
}

/** Members of two objects that are not the same. */
export function differingFields(before: object, after: object): string[] {
  const a = before as Readonly<Record<string, unknown>>;
  const b = after as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => canonical(a[name]) !== canonical(b[name]),
  );
}
