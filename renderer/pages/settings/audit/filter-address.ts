import { type AuditFilter, auditFilterSchema } from '#shared/contract/audit.ts';

/** What the trail is filtered by besides the time; kept in the address. */
const NAMES = ['text', 'by', 'via', 'action', 'outcome'] as const;
type FilterName = (typeof NAMES)[number];

/** The filter that an address says; what no filter can be is left out. */
export function filterOf(params: URLSearchParams): Pick<AuditFilter, FilterName> {
  const given = NAMES.flatMap((name) => {
    const value = params.get(name) ?? '';
    const parsed = auditFilterSchema.shape[name].safeParse(value);
    return value !== '' && parsed.success ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(given) as Pick<AuditFilter, FilterName>;
}

/** True when the address leaves something out. */
export function isFiltered(params: URLSearchParams): boolean {
  return NAMES.some((name) => params.has(name));
}

/** The address with another value; an empty one takes it away. Another filter begins at its first page. */
export function withFilter(
  params: URLSearchParams,
  name: FilterName | 'before',
  value: string,
): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete('before');
  if (value === '') next.delete(name);
  else next.set(name, value);
  return next;
}

/** The address with every filter taken away, that of the time too. */
export function withoutFilter(): URLSearchParams {
  return new URLSearchParams({ span: '180d' });
}
