import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { BacktestDialog } from './backtest/backtest-dialog.tsx';
import { FileList } from './file-list.tsx';
import { FormDialog } from './form/form-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { RuleList } from './rule-list.tsx';
import { ruleViews, useRulesAddress } from './rules-address.ts';
import { SloView } from './slo-view.tsx';
import { StarterView } from './starter-view.tsx';
import { TestDialog } from './test-dialog.tsx';
import { TextDialog } from './text-dialog.tsx';
import './rules.css';

/** What is open above the view. */
export type RuleTask =
  | { readonly what: 'form'; readonly file: string | null; readonly kind?: 'slo' }
  | { readonly what: 'text'; readonly file: string | null; readonly text?: string }
  | { readonly what: 'backtest'; readonly file: string }
  | { readonly what: 'import' }
  | { readonly what: 'test' };

const REFRESH_MS = 10_000;

/** The rules: what runs, how it stands, and every way to write one. */
export function RulesTab() {
  const { t } = useTranslation();
  const { view, setView } = useRulesAddress();
  const [task, setTask] = useState<RuleTask | null>(null);
  const groups = useRequest('rules.groups', {}, { refreshMs: REFRESH_MS });
  const files = useRequest('rules.files.list', {});
  const forms = useRequest('rules.forms.list', {});
  const changed = (): void => {
    groups.reload();
    files.reload();
    forms.reload();
  };
  const close = (): void => setTask(null);
  const done = (): void => {
    close();
    changed();
  };
  const shared = { onTask: setTask, onChanged: changed, forms: forms.data?.forms ?? [] };
  return (
    <>
      <div className="rules-bar">
        <fieldset className="segmented" aria-label={t('rules:view.label')}>
          {ruleViews.map((each) => (
            <Button key={each} aria-pressed={each === view} onClick={() => setView(each)}>
              {t(`rules:view.${each}`)}
            </Button>
          ))}
        </fieldset>
        <span className="row">
          <Button kind="primary" onClick={() => setTask({ what: 'form', file: null })}>
            {t('rules:newForm')}
          </Button>
          <Button onClick={() => setTask({ what: 'text', file: null })}>{t('rules:newText')}</Button>
          <Button onClick={() => setTask({ what: 'import' })}>{t('rules:import')}</Button>
          <Button onClick={() => setTask({ what: 'test' })}>{t('rules:runTests')}</Button>
        </span>
      </div>
      {view === 'list' && <RuleList groups={groups} {...shared} />}
      {view === 'files' && <FileList files={files} {...shared} />}
      {view === 'starter' && <StarterView onChanged={changed} />}
      {view === 'slo' && <SloView onTask={setTask} />}
      {task?.what === 'form' && (
        <FormDialog
          file={task.file}
          {...(task.kind === undefined ? {} : { kind: task.kind })}
          onClose={close}
          onDone={done}
          onText={(file, text) => setTask({ what: 'text', file, text })}
        />
      )}
      {task?.what === 'text' && (
        <TextDialog
          file={task.file}
          {...(task.text === undefined ? {} : { initial: task.text })}
          isForm={shared.forms.some(({ file }) => file === task.file)}
          onClose={close}
          onDone={done}
        />
      )}
      {task?.what === 'backtest' && <BacktestDialog file={task.file} onClose={close} />}
      {task?.what === 'import' && <ImportDialog onClose={close} onDone={done} />}
      {task?.what === 'test' && <TestDialog onClose={close} />}
    </>
  );
}
