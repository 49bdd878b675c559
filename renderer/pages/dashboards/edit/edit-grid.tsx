import { type CSSProperties, type KeyboardEvent, memo, useCallback, useMemo, useRef } from 'react';
import type { ShownRow } from '#shared/domain/dashboard/expand.ts';
import { height, settle } from '#shared/domain/dashboard/layout.ts';
import type { Panel } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Icon } from '../../../components/icon.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useBoard } from '../../../panels/board-context.ts';
import { PanelCard } from '../../../panels/panel-card.tsx';
import { placeStyle } from '../board-grid.tsx';
import { nudged, withCopyOf, withoutPanel, withPanelInRow, withPlace } from '../draft-edits.ts';
import type { BoardParams } from '../use-board-params.ts';
import type { Draft } from '../use-draft.ts';
import { type DragKind, useGridDrag } from './use-grid-drag.ts';

export type EditGridProps = {
  readonly row: ShownRow;
  readonly draft: Draft;
  readonly params: BoardParams;
  /** Tells a screen reader what an edit did. */
  readonly announce: (text: string) => void;
};

const NO_COPY = {};

/** The panels of a row while they are edited: by the pointer, or by the keys on the handle of each. */
export function EditGrid({ row, draft, params, announce }: EditGridProps) {
  const { edit } = draft;
  const panels = useMemo(() => settle(row.row.panels), [row.row.panels]);
  const { drag, press } = useGridDrag(panels, (id, place) => edit(withPlace(id, place)));
  const shown = drag?.panels ?? panels;
  const rows = Math.max(height(shown), height(panels)) + (drag === null ? 0 : 4);
  const ordered = useMemo(
    () => [...panels].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x),
    [panels],
  );
  return (
    <div className="board-grid-box">
      <div className="board-grid" style={{ '--rows': Math.max(2, rows) } as CSSProperties}>
        {ordered.map((panel) => {
          const now = shown.find(({ id }) => id === panel.id)?.place ?? panel.place;
          const dragged = drag?.id === panel.id;
          return (
            <div
              key={panel.id}
              className="board-item"
              data-item={panel.id}
              // The dragged panel follows the pointer from where it was; where it would land is shown by the shadow.
              style={placeStyle(dragged ? panel.place : now)}
            >
              <EditedPanel
                panel={panel}
                draft={draft}
                params={params}
                row={row.index}
                press={press}
                announce={announce}
              />
            </div>
          );
        })}
        {drag !== null && (
          <div
            className="board-landing"
            style={placeStyle(shown.find(({ id }) => id === drag.id)?.place ?? { x: 0, y: 0, w: 1, h: 1 })}
          />
        )}
      </div>
    </div>
  );
}

type EditedProps = {
  readonly panel: Panel;
  readonly draft: Draft;
  readonly params: BoardParams;
  readonly row: number;
  readonly press: ReturnType<typeof useGridDrag>['press'];
  readonly announce: (text: string) => void;
};

/** One panel with its handles. While something is dragged nothing of it changes, so that no panel is drawn anew. */
const EditedPanel = memo(function EditedPanel(props: EditedProps) {
  const { panel, press } = props;
  const { t } = useTranslation();
  const { look } = useBoard();
  const latest = useRef(props);
  latest.current = props;
  const title = localize(panel.title, look.language) || t(`dashboards:kind.${panel.kind}`);
  const open = useCallback(() => latest.current.params.setPanel(latest.current.panel.id), []);
  const onKey = useCallback(
    (event: KeyboardEvent<HTMLElement>): void => {
      const { panel: now, draft, announce, params } = latest.current;
      const place = event.ctrlKey || event.altKey ? null : nudged(now.place, event.key, event.shiftKey);
      if (place !== null) {
        draft.edit(withPlace(now.id, place), `place ${now.id}`);
        announce(
          t(event.shiftKey ? 'dashboards:edit.resized' : 'dashboards:edit.moved', {
            title,
            x: place.x + 1,
            y: place.y + 1,
            w: place.w,
            h: place.h,
          }),
        );
      } else if (event.key === 'Delete') {
        draft.edit(withoutPanel(now.id));
        announce(t('dashboards:edit.removed', { title }));
      } else if (event.key === 'Enter') params.setPanel(now.id);
      else if (event.key.toLowerCase() === 'd' && event.ctrlKey) {
        draft.edit(withCopyOf(now.id));
        announce(t('dashboards:edit.duplicated', { title }));
      } else return;
      event.preventDefault();
    },
    [t, title],
  );
  const grip = (kind: DragKind) => (
    <button
      type="button"
      className={`board-grip board-grip-${kind}`}
      aria-label={t(`dashboards:edit.${kind}`, { title })}
      title={t(`dashboards:edit.${kind}Hint`)}
      onPointerDown={(event) => press(event, panel, kind)}
      onKeyDown={onKey}
      {...(kind === 'resize' ? { tabIndex: -1 } : {})}
    >
      {kind === 'move' ? <Icon name="grip" size={14} /> : <Icon name="corner" size={12} />}
    </button>
  );
  return (
    <>
      <PanelCard
        panel={panel}
        copyOf={NO_COPY}
        handle={grip('move')}
        more={<EditEntries props={props} title={title} onOpen={open} />}
      />
      {grip('resize')}
    </>
  );
});

type EntriesProps = { readonly props: EditedProps; readonly title: string; readonly onOpen: () => void };

/** What a panel's menu offers while it is edited. */
function EditEntries({ props: { panel, draft, row, announce }, title, onOpen }: EntriesProps) {
  const { t } = useTranslation();
  const { look } = useBoard();
  return (
    <>
      <button type="button" onClick={onOpen}>
        {t('dashboards:edit.open')}
      </button>
      <button type="button" onClick={() => draft.edit(withCopyOf(panel.id))}>
        {t('dashboards:edit.duplicate')}
      </button>
      {draft.dashboard.rows.map((other, index) =>
        index === row ? null : (
          <button
            type="button"
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place.
            key={index}
            onClick={() => draft.edit(withPanelInRow(panel.id, index))}
          >
            {t('dashboards:edit.toRow', {
              row: localize(other.title, look.language) || t('dashboards:board.firstRow'),
            })}
          </button>
        ),
      )}
      <button
        type="button"
        className="danger"
        onClick={() => {
          draft.edit(withoutPanel(panel.id));
          announce(t('dashboards:edit.removed', { title }));
        }}
      >
        {t('dashboards:edit.remove')}
      </button>
    </>
  );
}
