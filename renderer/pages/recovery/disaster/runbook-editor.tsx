import { useState } from 'react';
import { useNavigate } from 'react-router';
import {
  incidentSchema,
  phaseSchema,
  type Runbook,
  type RunbookStep,
} from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { CountField } from '../../../components/count-field.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useSaveAction } from './save-action.ts';
import { WordsField } from './words-field.tsx';

const empty = { zh: '', en: '' };

function newStep(): RunbookStep {
  return {
    id: crypto.randomUUID(),
    phase: 'recovery',
    title: empty,
    body: empty,
    role: empty,
    assignee: '',
    minutes: 10,
    command: '',
    check: empty,
  };
}

/** Steps in the order of their phases; within a phase as they stand. */
function inPhases(steps: readonly RunbookStep[]): RunbookStep[] {
  return phaseSchema.options.flatMap((phase) => steps.filter((step) => step.phase === phase));
}

/** Changes a runbook; nothing is stored before "save". */
export function RunbookEditor({
  runbook,
  onClose,
}: {
  readonly runbook: Runbook;
  readonly onClose: (saved: boolean) => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const save = useSaveAction();
  const [draft, setDraft] = useState(runbook);
  const [removing, setRemoving] = useState(false);
  const set = (change: Partial<Runbook>): void => setDraft({ ...draft, ...change });
  const setStep = (index: number, change: Partial<RunbookStep>): void =>
    set({ steps: draft.steps.map((step, at) => (at === index ? { ...step, ...change } : step)) });
  const move = (from: number, to: number): void => {
    const steps = [...draft.steps];
    steps.splice(to, 0, ...steps.splice(from, 1));
    set({ steps });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run('recovery.runbooks.save', { runbook: { ...draft, steps: inPhases(draft.steps) } }, () =>
          onClose(true),
        );
      }}
    >
      <PageHeader
        title={t('recovery:disaster.runbooks.editTitle')}
        actions={
          <>
            <Button onClick={() => onClose(false)}>{t('recovery:disaster.cancel')}</Button>
            <Button kind="primary" type="submit" disabled={save.busy}>
              {t('recovery:disaster.save')}
            </Button>
          </>
        }
      />
      {save.error && <ErrorNotice error={save.error} />}
      <Panel>
        <WordsField
          label={t('recovery:disaster.name')}
          value={draft.title}
          onChange={(title) => set({ title })}
        />
        <WordsField
          label={t('recovery:disaster.runbooks.purpose')}
          rows={2}
          value={draft.purpose}
          onChange={(purpose) => set({ purpose })}
        />
        <div className="row">
          <SelectField
            label={t('recovery:disaster.runbooks.incident')}
            value={draft.incident}
            options={incidentSchema.options.map((incident) => [
              incident,
              t(`recovery:disaster.runbooks.incidents.${incident}`),
            ])}
            onChange={(incident) => set({ incident })}
          />
          <TextField
            label={t('recovery:disaster.owner')}
            maxLength={100}
            value={draft.owner}
            onChange={(value) => set({ owner: value })}
          />
          <Field label={t('recovery:disaster.runbooks.plans')}>
            {(field) => (
              <input
                {...field}
                className="input"
                size={40}
                value={draft.plans.join(', ')}
                onChange={(event) =>
                  set({ plans: event.target.value.split(/[,，、]\s*/).filter((name) => name.trim() !== '') })
                }
              />
            )}
          </Field>
        </div>
      </Panel>
      {draft.steps.map((step, index) => (
        <Panel
          key={step.id}
          title={`${t('recovery:disaster.runbooks.step')} ${index + 1}`}
          extra={
            <span className="row">
              <Button disabled={index === 0} onClick={() => move(index, index - 1)}>
                {t('recovery:disaster.runbooks.up')}
              </Button>
              <Button disabled={index === draft.steps.length - 1} onClick={() => move(index, index + 1)}>
                {t('recovery:disaster.runbooks.down')}
              </Button>
              <Button
                disabled={draft.steps.length === 1}
                onClick={() => set({ steps: draft.steps.filter((_step, at) => at !== index) })}
              >
                {t('recovery:disaster.runbooks.removeStep')}
              </Button>
            </span>
          }
        >
          <StepFields step={step} onChange={(change) => setStep(index, change)} />
        </Panel>
      ))}
      <div className="row">
        <Button onClick={() => set({ steps: [...draft.steps, newStep()] })}>
          {t('recovery:disaster.runbooks.addStep')}
        </Button>
        <span className="spacer" />
        {removing ? (
          <>
            <span>{t('recovery:disaster.removeSure', { name: runbook.title.zh || runbook.title.en })}</span>
            <Button
              kind="danger"
              onClick={() =>
                void save.run('recovery.runbooks.remove', { id: runbook.id }, () =>
                  navigate('/recovery?tab=runbooks'),
                )
              }
            >
              {t('recovery:disaster.remove')}
            </Button>
            <Button onClick={() => setRemoving(false)}>{t('recovery:disaster.cancel')}</Button>
          </>
        ) : (
          <Button onClick={() => setRemoving(true)}>{t('recovery:disaster.remove')}</Button>
        )}
      </div>
    </form>
  );
}

function StepFields({
  step,
  onChange,
}: {
  readonly step: RunbookStep;
  readonly onChange: (change: Partial<RunbookStep>) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <div className="row">
        <SelectField
          label={t('recovery:disaster.runbooks.step')}
          value={step.phase}
          options={phaseSchema.options.map((phase) => [
            phase,
            t(`recovery:disaster.runbooks.phase.${phase}`),
          ])}
          onChange={(phase) => onChange({ phase })}
        />
        <TextField
          label={t('recovery:disaster.runbooks.assignee')}
          maxLength={100}
          value={step.assignee}
          onChange={(value) => onChange({ assignee: value })}
        />
        <CountField
          label={t('recovery:disaster.runbooks.minutes')}
          min={0}
          max={100_000}
          value={step.minutes}
          onChange={(minutes) => onChange({ minutes })}
        />
      </div>
      <WordsField
        label={t('recovery:disaster.runbooks.stepTitle')}
        value={step.title}
        onChange={(title) => onChange({ title })}
      />
      <WordsField
        label={t('recovery:disaster.runbooks.role')}
        value={step.role}
        onChange={(role) => onChange({ role })}
      />
      <WordsField
        label={t('recovery:disaster.runbooks.body')}
        rows={2}
        value={step.body}
        onChange={(body) => onChange({ body })}
      />
      <TextAreaField
        label={t('recovery:disaster.runbooks.command')}
        rows={2}
        maxLength={8000}
        value={step.command}
        onChange={(command) => onChange({ command })}
      />
      <WordsField
        label={t('recovery:disaster.runbooks.check')}
        value={step.check}
        onChange={(check) => onChange({ check })}
      />
    </>
  );
}
