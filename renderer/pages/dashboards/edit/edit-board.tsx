import type { ShownRow } from '#shared/domain/dashboard/expand.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Menu } from '../../../components/menu.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useBoard } from '../../../panels/board-context.ts';
import { panelKinds } from '../../../panels/panel-types.ts';
import { BoardRows } from '../board-rows.tsx';
import { nextPanelId, withNewPanel, withNewRow, withoutRow, withRow, withRowMoved } from '../draft-edits.ts';
import type { BoardParams } from '../use-board-params.ts';
import type { Draft } from '../use-draft.ts';
import { EditGrid } from './edit-grid.tsx';

export type EditBoardProps = {
  readonly rows: readonly ShownRow[];
  readonly draft: Draft;
  readonly params: BoardParams;
  readonly announce: (text: string) => void;
};

/** A dashboard while it is edited: rows with their tools, grids that can be rearranged. */
export function EditBoard({ rows, draft, params, announce }: EditBoardProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="soft small board-keys">{t('dashboards:edit.keys')}</p>
      {rows.length === 0 && <AddPanel row={0} draft={draft} params={params} />}
      <BoardRows
        rows={rows}
        turned={params.turned}
        onTurn={params.turn}
        tools={(row) => <RowTools row={row} draft={draft} params={params} />}
        grid={(row) => <EditGrid row={row} draft={draft} params={params} announce={announce} />}
      >
        {() => null}
      </BoardRows>
      <div className="row">
        <Button kind="quiet" onClick={() => draft.edit(withNewRow(t('dashboards:edit.newRow')))}>
          + {t('dashboards:edit.addRow')}
        </Button>
      </div>
    </>
  );
}

type ToolsProps = { readonly row: ShownRow; readonly draft: Draft; readonly params: BoardParams };

/** A row's title, what it repeats by, its place among the others, and new panels. */
function RowTools({ row, draft, params }: ToolsProps) {
  const { t } = useTranslation();
  const { look } = useBoard();
  const { index } = row;
  const title = localize(row.row.title, look.language);
  const choosing = draft.dashboard.variables.filter(({ kind }) => kind === 'query' || kind === 'custom');
  return (
    <div className="board-row-tools">
      <input
        className="input"
        aria-label={t('dashboards:edit.rowTitle')}
        placeholder={t('dashboards:edit.rowTitle')}
        value={title}
        onChange={(event) => draft.edit(withRow(index, { title: event.target.value }), `row ${index}`)}
      />
      {choosing.length > 0 && (
        <select
          className="input"
          aria-label={t('dashboards:edit.rowRepeat')}
          value={row.row.repeat ?? ''}
          onChange={(event) => draft.edit(withRow(index, { repeat: event.target.value || null }))}
        >
          <option value="">{t('dashboards:edit.noRepeat')}</option>
          {choosing.map(({ name }) => (
            <option key={name} value={name}>
              {t('dashboards:edit.repeatBy', { name: `$${name}` })}
            </option>
          ))}
        </select>
      )}
      <AddPanel row={index} draft={draft} params={params} />
      <Menu label={t('dashboards:edit.rowMenu', { title })} face={<Icon name="tune" size={14} />}>
        <button type="button" onClick={() => draft.edit(withRow(index, { folded: !row.row.folded }))}>
          {row.row.folded ? t('dashboards:edit.startOpen') : t('dashboards:edit.startFolded')}
        </button>
        <button type="button" disabled={index === 0} onClick={() => draft.edit(withRowMoved(index, -1))}>
          {t('dashboards:edit.rowUp')}
        </button>
        <button
          type="button"
          disabled={index === draft.dashboard.rows.length - 1}
          onClick={() => draft.edit(withRowMoved(index, 1))}
        >
          {t('dashboards:edit.rowDown')}
        </button>
        <button
          type="button"
          className="danger"
          disabled={draft.dashboard.rows.length < 2}
          onClick={() => draft.edit(withoutRow(index))}
        >
          {t('dashboards:edit.removeRow')}
        </button>
      </Menu>
    </div>
  );
}

type AddProps = { readonly row: number; readonly draft: Draft; readonly params: BoardParams };

/** Adds a panel of a kind and opens its editor. */
function AddPanel({ row, draft, params }: AddProps) {
  const { t } = useTranslation();
  return (
    <Menu label={t('dashboards:edit.addPanel')} className="btn" face={<>+ {t('dashboards:edit.addPanel')}</>}>
      {panelKinds.map((kind) => (
        <button
          type="button"
          key={kind}
          data-kind={kind}
          onClick={() => {
            const id = nextPanelId(draft.dashboard);
            draft.edit(withNewPanel(kind, row, t(`dashboards:kind.${kind}`)));
            params.setPanel(id);
          }}
        >
          {t(`dashboards:kind.${kind}`)}
        </button>
      ))}
    </Menu>
  );
}
