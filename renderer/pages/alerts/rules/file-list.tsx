import { useMemo, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { RuleFile } from '#shared/contract/rules.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { saveText } from '../../../components/save-text.ts';
import { absoluteText } from '../../../components/time.ts';
import { type RequestState, useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { RuleTask } from './rules-tab.tsx';

export type FileListProps = {
  readonly files: RequestState<RequestOutput<'rules.files.list'>>;
  readonly forms: RequestOutput<'rules.forms.list'>['forms'];
  readonly onTask: (task: RuleTask) => void;
  readonly onChanged: () => void;
};

const countRules = ({ groups }: RuleFile): number => groups.reduce((sum, { rules }) => sum + rules.length, 0);

/** Rule files: switch them on and off, change, save and remove them. */
export function FileList({ files, forms, onTask, onChanged }: FileListProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const [removing, setRemoving] = useState<RuleFile | null>(null);
  const act = async (work: Promise<{ readonly ok: boolean; readonly error?: AppError }>): Promise<void> => {
    const answer = await work;
    setError(answer.ok ? null : (answer.error ?? null));
    onChanged();
  };
  const save = async ({ name }: RuleFile): Promise<void> => {
    const got = await call('rules.files.get', { name });
    if (!got.ok) return setError(got.error);
    const saved = await saveText(name.split('/').at(-1) ?? name, got.value.text);
    if (!saved.ok) setError(saved.error);
  };
  const columns = useColumns(forms, {
    onEnable: (file, enabled) => void act(call('rules.files.enable', { name: file.name, enabled })),
    onEdit: (file) =>
      onTask({ what: forms.some((form) => form.file === file.name) ? 'form' : 'text', file: file.name }),
    onBacktest: (file) => onTask({ what: 'backtest', file: file.name }),
    onSave: (file) => void save(file),
    onRemove: setRemoving,
  });
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <RequestView request={files} rows={6}>
        {(data) => (
          <DataTable
            id="rule-files"
            label={t('rules:file.label')}
            columns={columns}
            rows={data.files}
            rowKey={({ name }) => name}
            empty={<EmptyState title={t('rules:list.empty')} body={t('rules:list.emptyBody')} />}
          />
        )}
      </RequestView>
      {removing && (
        <Overlay kind="dialog" title={t('rules:file.removeTitle')} onClose={() => setRemoving(null)}>
          <div className="stack-small">
            <p className="mono">{removing.name}</p>
            <p>{t('rules:file.removeMeans', { count: countRules(removing) })}</p>
            <div className="row">
              <Button data-autofocus onClick={() => setRemoving(null)}>
                {t('common:action.cancel')}
              </Button>
              <Button
                kind="danger"
                onClick={() => {
                  setRemoving(null);
                  void act(call('rules.files.remove', { name: removing.name }));
                }}
              >
                {t('rules:file.remove')}
              </Button>
            </div>
          </div>
        </Overlay>
      )}
    </>
  );
}

type Actions = {
  readonly onEnable: (file: RuleFile, enabled: boolean) => void;
  readonly onEdit: (file: RuleFile) => void;
  readonly onBacktest: (file: RuleFile) => void;
  readonly onSave: (file: RuleFile) => void;
  readonly onRemove: (file: RuleFile) => void;
};

function useColumns(forms: FileListProps['forms'], actions: Actions): readonly Column<RuleFile>[] {
  const { t } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the actions are new at every drawing and do the same.
  return useMemo(
    () => [
      {
        id: 'enabled',
        title: t('rules:file.enabled'),
        width: 70,
        text: ({ enabled }) => (enabled ? '✓' : ''),
        render: (file) => (
          <input
            type="checkbox"
            aria-label={t('rules:file.enable', { name: file.name })}
            checked={file.enabled}
            disabled={file.builtIn === true}
            onChange={(event) => actions.onEnable(file, event.target.checked)}
          />
        ),
      },
      {
        id: 'name',
        title: t('rules:file.name'),
        width: 300,
        text: ({ name }) => name,
        sortBy: ({ name }) => name,
      },
      {
        id: 'rules',
        title: t('rules:file.rules'),
        width: 80,
        align: 'right',
        text: (file) => String(countRules(file)),
        sortBy: countRules,
      },
      {
        id: 'origin',
        title: t('rules:file.origin'),
        width: 200,
        text: (file) =>
          file.builtIn === true
            ? t('rules:file.builtIn')
            : forms.some((form) => form.file === file.name)
              ? t('rules:file.form')
              : (file.origin ?? ''),
      },
      {
        id: 'added',
        title: t('rules:file.added'),
        width: 160,
        text: (file) => (file.builtIn === true ? '' : absoluteText(file.addedAt)),
        sortBy: ({ addedAt }) => addedAt,
      },
      {
        id: 'actions',
        title: '',
        width: 320,
        text: () => '',
        render: (file) => (
          <span className="row">
            {file.builtIn !== true && (
              <Button kind="quiet" onClick={() => actions.onEdit(file)}>
                {t('rules:file.edit')}
              </Button>
            )}
            <Button kind="quiet" onClick={() => actions.onBacktest(file)}>
              {t('rules:detail.backtest')}
            </Button>
            <Button kind="quiet" onClick={() => actions.onSave(file)}>
              {t('rules:file.export')}
            </Button>
            {file.builtIn !== true && (
              <Button kind="quiet" onClick={() => actions.onRemove(file)}>
                {t('rules:file.remove')}
              </Button>
            )}
          </span>
        ),
      },
    ],
    [t, forms],
  );
}
