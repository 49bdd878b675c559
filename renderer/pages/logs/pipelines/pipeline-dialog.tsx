import { useState } from 'react';
import type { ShownPipeline } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { toggled } from '../log-filters.ts';
import { PipelinePreview } from './pipeline-preview.tsx';
import { type PipelineDraft, readPipeline, type StepDraft } from './step-draft.ts';
import { StepsEditor } from './steps-editor.tsx';

export type PipelineDialogProps = {
  /** Null: a new one. */
  readonly pipeline: ShownPipeline | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

function draftOf(pipeline: ShownPipeline | null): PipelineDraft {
  if (pipeline === null) return { name: '', enabled: true, sources: [], steps: [] };
  const { name, enabled, sources, steps } = pipeline;
  // A stored step is a complete one: the schema has read it.
  return { name, enabled, sources, steps: steps as readonly StepDraft[] };
}

/** A pipeline's filters in their order; beside them, what they make of lines, before anything is in force. */
export function PipelineDialog({ pipeline, onClose, onDone }: PipelineDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => draftOf(pipeline));
  const known = useRequest('logs.sources.list', {});
  const names = [
    ...new Set([...(known.data?.sources.map(({ name }) => name) ?? []), ...draft.sources]),
  ].toSorted();
  const read = readPipeline(draft);
  const made = 'pipeline' in read ? read.pipeline : null;
  const saving = useSaving(onDone);
  const removing = useSaving(onDone);
  const [asking, setAsking] = useState(false);
  return (
    <Overlay title={t(pipeline === null ? 'pipelines:edit.new' : 'pipelines:edit.title')} onClose={onClose}>
      <div className="log-form">
        <form
          className="stack-small"
          data-testid="pipeline-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (made)
              void saving.run(
                call('logs.pipelines.put', {
                  ...(pipeline === null ? {} : { id: pipeline.id }),
                  pipeline: made,
                }),
              );
          }}
        >
          <TextField
            autoFocus
            label={t('pipelines:edit.name')}
            maxLength={100}
            value={draft.name}
            onChange={(name) => setDraft({ ...draft, name })}
          />
          <fieldset className="choices">
            <legend>{t('pipelines:edit.sources')}</legend>
            {names.map((name) => (
              <CheckField
                key={name}
                label={name}
                value={draft.sources.includes(name)}
                onChange={() => setDraft({ ...draft, sources: toggled(draft.sources, name) })}
              />
            ))}
          </fieldset>
          <CheckField
            label={t('pipelines:edit.enabled')}
            value={draft.enabled}
            onChange={(enabled) => setDraft({ ...draft, enabled })}
          />
          <h3>{t('pipelines:edit.steps')}</h3>
          <StepsEditor steps={draft.steps} onChange={(steps) => setDraft({ ...draft, steps })} />
          {'wrong' in read && draft.name !== '' && (
            <p className="field-error">
              {t('pipelines:edit.wrong', { where: stepsOf(read.wrong).join('、') })}
            </p>
          )}
          {saving.error && <ErrorNotice error={saving.error} still={t('pipelines:edit.still')} />}
          <div className="row">
            <Button kind="primary" type="submit" disabled={made === null || saving.busy}>
              {t('common:action.save')}
            </Button>
            <Button onClick={onClose}>{t('common:action.cancel')}</Button>
            <span className="spacer" />
            {pipeline !== null && !asking && (
              <Button kind="danger" onClick={() => setAsking(true)}>
                {t('pipelines:edit.remove')}
              </Button>
            )}
          </div>
        </form>
        <PipelinePreview pipeline={made} />
      </div>
      {pipeline !== null && asking && (
        <>
          <p>{t('pipelines:edit.removeAsk')}</p>
          <ConfirmByTyping
            word={pipeline.name}
            actionLabel={t('pipelines:edit.remove')}
            busy={removing.busy}
            onConfirm={() => void removing.run(call('logs.pipelines.remove', { id: pipeline.id }))}
          />
          {removing.error && <ErrorNotice error={removing.error} />}
        </>
      )}
    </Overlay>
  );
}

/** `steps.0.branches.1.when` as `1.2`, the numbers that the page shows; each once. */
export function stepsOf(paths: readonly string[]): readonly string[] {
  return [
    ...new Set(
      paths.map((path) => {
        const numbers = path.split('.').flatMap((part) => (/^\d+$/.test(part) ? [Number(part) + 1] : []));
        return numbers.length === 0 ? path : numbers.join('.');
      }),
    ),
  ];
}
