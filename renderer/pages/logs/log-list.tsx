import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LogEvent } from '#shared/contract/logs.ts';
import { foundWords } from './found-words.ts';
import { toggled } from './log-filters.ts';
import { LogRow } from './log-row.tsx';

const ROW_HEIGHT = 24;
/** So many lines before the last one, older ones are fetched. */
const NEAR_END = 60;

export type LogListProps = {
  readonly label: string;
  /** Newest first. */
  readonly events: readonly LogEvent[];
  /** The query that found them. */
  readonly query: string;
  /** Stands below the oldest line. */
  readonly footer?: ReactNode;
  /** Told when somebody begins to read (scrolled away from the newest line, or opened one) and when that ends. */
  readonly onReading: (reading: boolean) => void;
  /** Adds a condition to the search. */
  readonly onSearchFor: (text: string) => void;
  /** Told when the last lines come into view; left out while there are none to be had. */
  readonly onEnd?: () => void;
  /** The list goes back to the newest line whenever this changes. */
  readonly toNewest?: unknown;
};

/** A long list of lines; only those on the screen are drawn. Up and Down move between lines, Enter opens one. */
export function LogList(props: LogListProps) {
  const { label, events, query, footer, onReading, onSearchFor, onEnd, toNewest } = props;
  const found = useMemo(() => foundWords(query), [query]);
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<readonly string[]>([]);
  const [scrolled, setScrolled] = useState(false);
  const reading = scrolled || open.length > 0;
  const tell = useRef(onReading);
  tell.current = onReading;
  useEffect(() => tell.current(reading), [reading]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `toNewest` is the sign to go back, its value means nothing.
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [toNewest]);
  const latestSearchFor = useRef(onSearchFor);
  latestSearchFor.current = onSearchFor;
  const searchFor = useCallback((text: string) => latestSearchFor.current(text), []);

  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 16,
    initialRect: { width: 900, height: 400 },
  });

  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const atEnd = last >= 0 && last >= events.length - NEAR_END;
  const latestEnd = useRef(onEnd);
  latestEnd.current = onEnd;
  // A list that was never scrolled is being looked at from its newest line: nobody has asked for older ones.
  const wantsMore = atEnd && scrolled && onEnd !== undefined;
  useEffect(() => {
    if (wantsMore) latestEnd.current?.();
  }, [wantsMore]);

  const move = useCallback((event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const line = event.target instanceof HTMLElement ? event.target.closest('.log-line') : null;
    if (step === 0 || line === null) return;
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.log-line')];
    const next = rows[rows.indexOf(line as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons inside.
    <div
      className="log-scroll"
      ref={scroller}
      data-testid="log-list"
      onKeyDown={move}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop > ROW_HEIGHT)}
    >
      <ul className="log-rows" aria-label={label} style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const event = events[item.index];
          if (event === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="log-row"
              aria-setsize={events.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow
                event={event}
                open={open.includes(event.id)}
                found={found}
                onToggle={() => setOpen((old) => toggled(old, event.id))}
                onSearchFor={searchFor}
              />
            </li>
          );
        })}
      </ul>
      {footer}
    </div>
  );
}
