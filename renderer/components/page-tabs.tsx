import type { ComponentType } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { type TextKey, useTranslation } from '../locales/use-translation.ts';

/** One view of a page; `P` is what the page gives each of its views. */
export type PageTab<P> = {
  /** In the address: `?tab=ID`. */
  readonly id: string;
  readonly title: TextKey;
  readonly Component: ComponentType<P>;
};

/** The tab that the address names, else the first. */
export function useTab<P>(tabs: readonly PageTab<P>[]): PageTab<P> | undefined {
  const [params] = useSearchParams();
  return tabs.find(({ id }) => id === params.get('tab')) ?? tabs[0];
}

/** Links to the views of a page. The first has the page's own address; what else the address says is of one view only. */
export function PageTabs<P>({
  tabs,
  current,
  label,
  counts = {},
}: {
  readonly tabs: readonly PageTab<P>[];
  readonly current: string | undefined;
  readonly label: string;
  /** By id of a tab: how many there are of what it shows. */
  readonly counts?: Readonly<Record<string, number>>;
}) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ id, title }, index) => (
        <Link
          key={id}
          className="tab"
          to={index === 0 ? pathname : `${pathname}?tab=${id}`}
          aria-current={id === current ? 'page' : undefined}
          data-tab={id}
        >
          {t(title)}
          {counts[id] !== undefined && <span className="tab-count figure">{counts[id]}</span>}
        </Link>
      ))}
    </nav>
  );
}
