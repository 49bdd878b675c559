import type { ReactNode } from 'react';
import type { ShownPanel, ShownRow } from '#shared/domain/dashboard/expand.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Icon } from '../../components/icon.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useBoard } from '../../panels/board-context.ts';
import { filler } from '../../panels/panel-questions.ts';
import { BoardGrid } from './board-grid.tsx';

export type BoardRowsProps = {
  readonly rows: readonly ShownRow[];
  /** Rows that are the other way round than the dashboard says. */
  readonly turned: ReadonlySet<string>;
  readonly onTurn: (key: string) => void;
  /** Controls beside a row's heading. */
  readonly tools?: (row: ShownRow) => ReactNode;
  readonly grid?: (row: ShownRow) => ReactNode;
  readonly children: (shown: ShownPanel) => ReactNode;
};

/** The rows of a dashboard; those with a heading can be folded. A folded row's panels are not there and ask nothing. */
export function BoardRows({ rows, turned, onTurn, tools, grid, children }: BoardRowsProps) {
  const { t } = useTranslation();
  const { scope, look } = useBoard();
  return rows.map((row) => {
    const title = filler(scope, row.copyOf)(localize(row.row.title, look.language));
    const folded = row.row.folded !== turned.has(row.key);
    const headed = title !== '' || row.index > 0 || tools !== undefined;
    return (
      <section key={row.key} className="board-row" aria-label={title || t('dashboards:board.firstRow')}>
        {headed && (
          <header className="board-row-head">
            {title !== '' && (
              <h2>
                <button
                  type="button"
                  className="board-row-fold"
                  aria-expanded={!folded}
                  onClick={() => onTurn(row.key)}
                >
                  <Icon name={folded ? 'arrow' : 'down'} size={12} /> {title}
                  {folded && (
                    <span className="soft small">
                      {' '}
                      {t('dashboards:board.panels', { count: row.panels.length })}
                    </span>
                  )}
                </button>
              </h2>
            )}
            {tools?.(row)}
          </header>
        )}
        {!(folded && title !== '') &&
          (grid?.(row) ?? (
            <BoardGrid panels={row.panels} height={row.height}>
              {children}
            </BoardGrid>
          ))}
      </section>
    );
  });
}
