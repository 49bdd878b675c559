import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { RunbookRun, RunbookStep, Tick } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { RunbookSteps } from './runbook-steps.tsx';
import { useSaveAction } from './save-action.ts';
import { useWords } from './words-field.tsx';

/** A runbook being followed: each step is ticked with time, name and note; it goes on after any interruption. */
export function RunPage() {
  const { runId = '' } = useParams();
  const request = useRequest('recovery.runs.get', { id: runId }, { subject: runId });
  useEvent('recovery.changed', request.reload);
  return (
    <div className="page stack">
      <RequestView request={request} rows={10}>
        {(run) => <Following run={run} reload={request.reload} />}
      </RequestView>
    </div>
  );
}

const shapes: Readonly<Record<Tick['outcome'], StateName>> = {
  done: 'ok',
  failed: 'critical',
  skipped: 'unknown',
};

function Following({ run, reload }: { readonly run: RunbookRun; readonly reload: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const [by, setBy] = useState(run.startedBy);
  const total = run.runbook.steps.length;
  return (
    <>
      <PageHeader
        title={words(run.runbook.title)}
        summary={
          <span className="row">
            <StateBadge
              state={run.kind === 'activation' ? 'critical' : 'info'}
              word={t(`recovery:disaster.runs.kind.${run.kind}`)}
            />
            {t('recovery:disaster.runs.started', { at: absoluteText(run.startedAt), by: run.startedBy })}
            <Link to="/recovery?tab=runbooks">{t('recovery:disaster.runbooks.title')}</Link>
          </span>
        }
        actions={<PdfButton kind="run" id={run.id} name={`run-${words(run.runbook.title)}`} />}
      />
      <Panel>
        <ProgressBar
          label={t('recovery:disaster.runs.progress', { done: run.ticks.length, total })}
          done={run.ticks.length}
          total={total}
        />
        <div className="soft">{t('recovery:disaster.runs.progress', { done: run.ticks.length, total })}</div>
        {run.endedAt === null ? (
          <TextField label={t('recovery:disaster.runs.by')} maxLength={100} value={by} onChange={setBy} />
        ) : (
          <p>
            {t('recovery:disaster.runs.ended', {
              outcome: t(`recovery:disaster.runs.ends.${run.outcome ?? 'partly'}`),
            })}{' '}
            {run.lessons}
          </p>
        )}
      </Panel>
      <RunbookSteps
        runbook={run.runbook}
        beside={(step) => <TickLine run={run} step={step} by={by} onTicked={reload} />}
      />
      {run.endedAt === null && <EndRun run={run} onEnded={reload} />}
    </>
  );
}

function TickLine({
  run,
  step,
  by,
  onTicked,
}: {
  readonly run: RunbookRun;
  readonly step: RunbookStep;
  readonly by: string;
  readonly onTicked: () => void;
}) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const tick = run.ticks.find(({ stepId }) => stepId === step.id);
  const [note, setNote] = useState(tick?.note ?? '');
  const set = (outcome: Tick['outcome'] | null): void => {
    void save.run(
      'recovery.runs.tick',
      { id: run.id, stepId: step.id, outcome, by: by.trim(), note },
      onTicked,
    );
  };
  return (
    <div className="row tick" data-outcome={tick?.outcome ?? 'open'}>
      {tick && (
        <>
          <StateBadge
            state={shapes[tick.outcome]}
            word={t(`recovery:disaster.runs.outcome.${tick.outcome}`)}
          />
          <span className="soft figure">
            {t('recovery:disaster.runs.at', { at: absoluteText(tick.at), by: tick.by })}
          </span>
          {tick.note !== '' && <span>{tick.note}</span>}
          {run.endedAt === null && (
            <Button onClick={() => set(null)}>{t('recovery:disaster.runs.undo')}</Button>
          )}
        </>
      )}
      {!tick && run.endedAt === null && (
        <>
          {(['done', 'failed', 'skipped'] as const).map((outcome) => (
            <Button
              key={outcome}
              kind={outcome === 'done' ? 'primary' : 'default'}
              disabled={save.busy || by.trim() === ''}
              onClick={() => set(outcome)}
            >
              {t(`recovery:disaster.runs.outcome.${outcome}`)}
            </Button>
          ))}
          <input
            className="input"
            aria-label={t('recovery:disaster.runs.note')}
            placeholder={t('recovery:disaster.runs.note')}
            value={note}
            maxLength={4000}
            onChange={(event) => setNote(event.target.value)}
          />
        </>
      )}
      {save.error && <ErrorNotice error={save.error} />}
    </div>
  );
}

function EndRun({ run, onEnded }: { readonly run: RunbookRun; readonly onEnded: () => void }) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [lessons, setLessons] = useState('');
  return (
    <Panel title={t('recovery:disaster.runs.endTitle')}>
      <Field label={t('recovery:disaster.runs.lessons')} hint={t('recovery:disaster.runs.lessonsHint')}>
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={3}
            maxLength={20_000}
            value={lessons}
            onChange={(event) => setLessons(event.target.value)}
          />
        )}
      </Field>
      <div className="row">
        {(['reached', 'partly', 'not_reached'] as const).map((outcome) => (
          <Button
            key={outcome}
            disabled={save.busy}
            onClick={() => void save.run('recovery.runs.end', { id: run.id, outcome, lessons }, onEnded)}
          >
            {t('recovery:disaster.runs.end')} · {t(`recovery:disaster.runs.ends.${outcome}`)}
          </Button>
        ))}
      </div>
      {save.error && <ErrorNotice error={save.error} />}
    </Panel>
  );
}
