import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FiringRowView } from './firing-row.tsx';
import type { FiringRow } from './firing-rows.ts';
import type { HoldHandlers } from './held-list.ts';

/** What a list does with a line. */
export type RowActions = {
  readonly onToggle: (row: FiringRow) => void;
  readonly onAcknowledge: (row: FiringRow) => void;
  readonly onSilence: (row: FiringRow) => void;
};

const ROW_HEIGHT = 50;

/**
 * The lines of what fires; only those on the screen are drawn. Up, Down, Home and End move, Left and Right fold,
 * Enter opens, `a` acknowledges, `s` silences.
 */
export function FiringList({
  rows,
  ended,
  handlers,
  actions,
}: {
  readonly rows: readonly FiringRow[];
  readonly ended: ReadonlySet<string>;
  readonly handlers: HoldHandlers;
  readonly actions: RowActions;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ key }) => key === current),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    // Known before the first layout, so that a short list is complete in its first frame.
    initialRect: { width: 1_000, height: 600 },
  });
  // A line that the keys lead to may not be drawn yet; it gets the focus as soon as it is.
  useEffect(() => {
    if (wanted.current === null) return;
    const line = scroller.current?.querySelector<HTMLElement>(
      `[data-key="${CSS.escape(wanted.current)}"] [data-row]`,
    );
    if (!line) return;
    wanted.current = null;
    line.focus();
  });
  const goTo = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    wanted.current = row.key;
    setCurrent(row.key);
    virtualizer.scrollToIndex(rows.indexOf(row));
  };
  const onKey = (event: KeyboardEvent): void => {
    const row = rows[at];
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (
      !row ||
      !isPlain ||
      !(event.target instanceof HTMLElement) ||
      event.target.closest('[data-row]') === null
    )
      return;
    if (event.key === 'ArrowDown') goTo(at + 1);
    else if (event.key === 'ArrowUp') goTo(at - 1);
    else if (event.key === 'Home') goTo(0);
    else if (event.key === 'End') goTo(rows.length - 1);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if ('open' in row && row.open !== (event.key === 'ArrowRight')) actions.onToggle(row);
    } else if (event.key.toLowerCase() === 'a') actions.onAcknowledge(row);
    else if (event.key.toLowerCase() === 's') actions.onSilence(row);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links and buttons inside.
    <div className="firing-scroll" ref={scroller} data-testid="firing" onKeyDown={onKey} {...handlers}>
      <ul
        className="firing-rows"
        aria-label={t('alerts:firing.list')}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              data-key={row.key}
              data-kind={row.kind}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="firing-row"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <FiringRowView
                row={row}
                isCurrent={item.index === at}
                isEnded={ended.has(row.key)}
                onFocus={() => setCurrent(row.key)}
                onToggle={() => actions.onToggle(row)}
                onAcknowledge={() => actions.onAcknowledge(row)}
                onSilence={() => actions.onSilence(row)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
