import { useState } from 'react';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { ListField } from '../../components/list-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { withSource } from './draft.ts';
import { SourcesFields } from './sources/sources-fields.tsx';

/** The folders and files, what to leave out, and the plan's name. */
export function WhatStep({ draft, change, onNext, editing }: StepViewProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const add = (path: string): void => {
    change((old) => withSource(old, path));
    setTyped('');
  };
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFolder({ title: t('backups:wizard.sources') });
    if (answer?.ok && answer.value !== null) add(answer.value);
  };
  return (
    <StepForm
      onNext={() => {
        // Enter after a typed path adds that path; only an empty field goes on.
        if (typed.trim() === '') onNext();
        else add(typed);
      }}
    >
      {draft.sources.length > 0 && (
        <ul className="path-list">
          {draft.sources.map((source) => (
            <li key={source} className="row">
              <span className="mono">{source}</span>
              <Button
                kind="quiet"
                aria-label={t('backups:wizard.removeSource', { path: source })}
                onClick={() =>
                  change((old) => ({ ...old, sources: old.sources.filter((other) => other !== source) }))
                }
              >
                {t('common:action.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Field label={t('backups:wizard.sources')} hint={t('backups:wizard.sourcesHint')}>
        {(field) => (
          <div className="row">
            <input
              {...field}
              className="input mono grow"
              value={typed}
              placeholder="/srv/hmtt"
              spellCheck={false}
              maxLength={4096}
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button disabled={typed.trim() === ''} onClick={() => add(typed)}>
              {t('backups:wizard.addTyped')}
            </Button>
            <Button onClick={() => void choose()}>{t('backups:wizard.addFolder')}</Button>
          </div>
        )}
      </Field>
      <Field label={t('backups:wizard.name')} hint={t('backups:wizard.nameHint')}>
        {(field) => (
          <input
            {...field}
            className="input"
            value={draft.name}
            // Archives carry the plan's name: it stays as it is.
            disabled={editing !== null}
            maxLength={80}
            onChange={(event) => change((old) => ({ ...old, name: event.target.value.trim() }))}
          />
        )}
      </Field>
      <ListField
        label={t('backups:wizard.exclude')}
        hint={t('backups:wizard.excludeHint')}
        rows={3}
        value={draft.exclude}
        onChange={(exclude) => change((old) => ({ ...old, exclude }))}
      />
      <SourcesFields value={draft} change={(edit) => change((old) => ({ ...old, ...edit(old) }))} />
    </StepForm>
  );
}
