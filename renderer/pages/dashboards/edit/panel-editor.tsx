import { useMemo } from 'react';
import { isAsking, type Panel } from '#shared/domain/dashboard/panels.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { BoardContext, useBoard } from '../../../panels/board-context.ts';
import { PanelCard } from '../../../panels/panel-card.tsx';
import { panelById, withPanel } from '../draft-edits.ts';
import type { Draft } from '../use-draft.ts';
import { OptionsForm } from './options-form.tsx';
import { TargetsForm } from './targets-form.tsx';

export type PanelEditorProps = {
  readonly id: number;
  readonly draft: Draft;
  readonly onClose: () => void;
};

const NO_COPY = {};

/** One panel, live, with everything that can be said about it. Changes are the dashboard's, and are undone with it. */
export function PanelEditor({ id, draft, onClose }: PanelEditorProps) {
  const { t } = useTranslation();
  const board = useBoard();
  // The picture is always in view here.
  const shown = useMemo(() => ({ ...board, lazy: false }), [board]);
  const panel = panelById(draft.dashboard, id);
  if (panel === null)
    return (
      <EmptyState
        title={t('dashboards:edit.gone')}
        action={<Button onClick={onClose}>{t('common:action.back')}</Button>}
      />
    );
  const change = (next: Panel): void => draft.edit(withPanel(next), `panel ${id}`);
  return (
    <div className="panel-editor" data-testid="panel-editor">
      <div className="panel-editor-main">
        <div className="panel-editor-picture">
          <BoardContext.Provider value={shown}>
            <PanelCard panel={panel} copyOf={NO_COPY} />
          </BoardContext.Provider>
        </div>
        {isAsking(panel) && (
          <TargetsForm panel={panel} onChange={(targets) => draft.edit(withPanel({ ...panel, targets }))} />
        )}
      </div>
      <div className="panel-editor-side">
        <div className="row">
          <Button kind="primary" onClick={onClose}>
            {t('dashboards:edit.done')}
          </Button>
          <span className="soft small">{t('dashboards:edit.doneHint')}</span>
        </div>
        <OptionsForm panel={panel} draft={draft} onChange={change} />
      </div>
    </div>
  );
}
