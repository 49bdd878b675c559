import { useState } from 'react';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { BoardParams } from '../use-board-params.ts';
import type { Draft } from '../use-draft.ts';
import { SaveDialog } from './save-dialog.tsx';
import { SettingsDrawer } from './settings-drawer.tsx';
import { VariablesEditor } from './variables-editor.tsx';

export type EditToolsProps = {
  readonly draft: Draft;
  readonly params: BoardParams;
  /** The version that is changed. */
  readonly version: number;
  readonly onSaved: (summary: DashboardSummary) => void;
};

/** Undo, redo, variables, settings, save, and the way out. */
export function EditTools({ draft, params, version, onSaved }: EditToolsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'save' | 'variables' | 'settings' | 'discard' | null>(null);
  const close = (): void => setOpen(null);
  const leave = (): void => {
    draft.reset();
    params.setEditing(false);
  };
  return (
    <>
      {draft.dirty && <span className="badge state-warning">{t('dashboards:edit.unsaved')}</span>}
      <fieldset className="segmented" aria-label={t('dashboards:edit.history')}>
        <Button
          title={`${t('dashboards:edit.undo')} (Ctrl+Z)`}
          aria-label={t('dashboards:edit.undo')}
          aria-keyshortcuts="Control+Z"
          disabled={!draft.canUndo}
          onClick={draft.undo}
        >
          <Icon name="undo" size={14} />
        </Button>
        <Button
          title={`${t('dashboards:edit.redo')} (Ctrl+Shift+Z)`}
          aria-label={t('dashboards:edit.redo')}
          aria-keyshortcuts="Control+Shift+Z"
          disabled={!draft.canRedo}
          onClick={draft.redo}
        >
          <Icon name="redo" size={14} />
        </Button>
      </fieldset>
      <Button onClick={() => setOpen('variables')}>{t('dashboards:variable.editor')}</Button>
      <Button onClick={() => setOpen('settings')}>{t('dashboards:settings.title')}</Button>
      <Button kind="primary" disabled={!draft.dirty} onClick={() => setOpen('save')}>
        {t('dashboards:save.save')}
      </Button>
      <Button onClick={() => (draft.dirty ? setOpen('discard') : leave())}>
        {t('dashboards:edit.leave')}
      </Button>
      {open === 'variables' && <VariablesEditor draft={draft} onClose={close} />}
      {open === 'settings' && <SettingsDrawer draft={draft} onClose={close} />}
      {open === 'save' && (
        <SaveDialog dashboard={draft.dashboard} base={version} onClose={close} onSaved={onSaved} />
      )}
      {open === 'discard' && (
        <Overlay kind="dialog" title={t('dashboards:leave.title')} onClose={close}>
          <p>{t('dashboards:leave.body')}</p>
          <div className="row">
            <Button kind="primary" data-autofocus onClick={close}>
              {t('dashboards:leave.stay')}
            </Button>
            <Button kind="danger" onClick={leave}>
              {t('dashboards:leave.discard')}
            </Button>
          </div>
        </Overlay>
      )}
    </>
  );
}
