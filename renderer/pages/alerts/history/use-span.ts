import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useNow } from '../../../components/use-now.ts';

/** Spans that are usually looked at, up to now. */
const SPANS = {
  '8h': 8 * 3_600_000,
  '12h': 12 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
  '180d': 180 * 86_400_000,
} as const;
export type SpanName = keyof typeof SPANS;
export const spanNames = Object.keys(SPANS) as readonly SpanName[];

export type Span = {
  readonly from: number;
  readonly to: number;
  /** Null: typed bounds. */
  readonly name: SpanName | null;
  readonly setName: (name: SpanName) => void;
  readonly setBounds: (from: number, to: number) => void;
};

/** The span that an address says: typed bounds, or a usual length that ends now. */
function parseSpan(
  params: URLSearchParams,
  usual: SpanName,
  now: number,
): Pick<Span, 'from' | 'to' | 'name'> {
  const from = Number(params.get('since'));
  const to = Number(params.get('until'));
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from > 0 && to > from)
    return { from, to, name: null };
  const name = spanNames.find((known) => known === params.get('span')) ?? usual;
  return { from: now - SPANS[name], to: now, name };
}

/** The span of time of the history, kept in the address; it ends at the full minute, so that it does not ask for ever. */
export function useSpan(usual: SpanName): Span {
  const [params, setParams] = useSearchParams();
  const now = useNow(60_000);
  return useMemo(() => {
    const edit = (change: (next: URLSearchParams) => void): void =>
      setParams((old) => {
        const next = new URLSearchParams(old);
        for (const key of ['since', 'until', 'span', 'page']) next.delete(key);
        change(next);
        return next;
      });
    return {
      ...parseSpan(params, usual, Math.ceil(now / 60_000) * 60_000),
      setName: (name) => edit((next) => next.set('span', name)),
      setBounds: (from, to) =>
        edit((next) => {
          next.set('since', String(from));
          next.set('until', String(to));
        }),
    };
  }, [params, setParams, usual, now]);
}
