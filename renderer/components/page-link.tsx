import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRangeSearch } from './use-time-range.ts';

/** An address with the time range of the present one put in, unless it says its own. */
export function withRange(to: string, rangeSearch: string): string {
  const [path = '', search = ''] = to.split('?');
  const params = new URLSearchParams(search);
  if (['range', 'from', 'to'].some((key) => params.has(key))) return to;
  for (const [key, value] of new URLSearchParams(rangeSearch)) params.set(key, value);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

export type PageLinkProps = {
  /** Address inside the app, e.g. `/hosts/app-2`. */
  readonly to: string;
  readonly className?: string;
  /** For lists in which keys move the focus. */
  readonly tabIndex?: number;
  readonly onFocus?: () => void;
  readonly children: ReactNode;
};

/** A link to another page that keeps the time range. */
export function PageLink({ to, children, ...rest }: PageLinkProps) {
  const range = useRangeSearch();
  return (
    <Link to={withRange(to, range)} {...rest}>
      {children}
    </Link>
  );
}
