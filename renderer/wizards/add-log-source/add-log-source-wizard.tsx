import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { type AppError, assertNever } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { IssueList } from '../issue-list.tsx';
import { DoneStep } from './done-step.tsx';
import { ConfirmStep, DetailsStep, PathStep } from './form-steps.tsx';
import { PreviewStep } from './preview-step.tsx';
import {
  type AddLogSourceStep,
  addLogSourceSteps,
  emptyLogSource,
  issuesOf,
  type LogPreview,
  type LogSourceDraft,
  nextStep,
  previousStep,
  suggestedName,
  toSourceInput,
} from './steps.ts';

/** What the preview belongs to: it is of no use for another path or format. */
type Previewed = { readonly of: string; readonly preview: LogPreview };

/** Adds a log source: where, what its lines become, name and zone, confirm, done. */
export function AddLogSourceWizard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [step, setStep] = useState<AddLogSourceStep>('path');
  const [draft, setDraft] = useState<LogSourceDraft>(emptyLogSource);
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const known = useRequest('logs.sources.list', {});
  const taken = known.data?.sources.map((source) => source.name) ?? [];
  const of = JSON.stringify([draft.path.trim(), draft.format, draft.zone, draft.encoding, draft.multiline]);
  const preview = previewed?.of === of ? previewed.preview : null;
  const issues = issuesOf(step, draft, preview, taken);
  const change = (part: Partial<LogSourceDraft>): void => setDraft((old) => ({ ...old, ...part }));

  // The first look at the files gives the source its name.
  useEffect(() => {
    if (step === 'details' && draft.name === '') {
      setDraft((old) => ({ ...old, name: suggestedName(old.path) }));
    }
  }, [step, draft.name]);

  const add = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('logs.sources.add', toSourceInput(draft));
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setStep('done');
  };
  const next = (): void => {
    if (step === 'confirm') void add();
    else setStep(nextStep(step, draft, preview, taken));
  };

  return (
    <Wizard
      title={t('logs:wizard.title')}
      steps={addLogSourceSteps.map((id) => {
        const chosen = chosenText(id, draft, step, preview);
        return { id, title: t(`logs:wizard.step.${id}`), ...(chosen === '' ? {} : { chosen }) };
      })}
      current={addLogSourceSteps.indexOf(step)}
      onBack={step === 'path' || step === 'done' ? undefined : () => setStep(previousStep(step))}
      onNext={step === 'done' ? undefined : next}
      nextDisabled={issues.length > 0 || busy}
      {...(step === 'confirm' ? { nextLabel: t(busy ? 'logs:wizard.adding' : 'logs:wizard.add') } : {})}
      onCancel={step === 'done' ? undefined : () => void navigate('/logs?tab=sources')}
      onJump={step === 'done' ? undefined : (index) => setStep(addLogSourceSteps[index] ?? step)}
    >
      <StepView
        step={step}
        draft={draft}
        change={change}
        preview={preview}
        onPreview={(found) => setPreviewed({ of, preview: found })}
        onNext={next}
        onAnother={() => {
          setDraft(emptyLogSource);
          setPreviewed(null);
          setStep('path');
          known.reload();
        }}
      />
      {step !== 'preview' && <IssueList issues={issues.map((issue) => t(`logs:wizard.issue.${issue}`))} />}
      {error && <ErrorNotice error={error} />}
    </Wizard>
  );
}

type StepViewProps = {
  readonly step: AddLogSourceStep;
  readonly draft: LogSourceDraft;
  readonly change: (part: Partial<LogSourceDraft>) => void;
  readonly preview: LogPreview | null;
  readonly onPreview: (preview: LogPreview) => void;
  readonly onNext: () => void;
  readonly onAnother: () => void;
};

function StepView({ step, draft, change, preview, onPreview, onNext, onAnother }: StepViewProps) {
  switch (step) {
    case 'path':
      return <PathStep draft={draft} change={change} onNext={onNext} />;
    case 'preview':
      return <PreviewStep draft={draft} change={change} preview={preview} onPreview={onPreview} />;
    case 'details':
      return <DetailsStep draft={draft} change={change} onNext={onNext} />;
    case 'confirm':
      return <ConfirmStep draft={draft} change={change} onNext={onNext} />;
    case 'done':
      return <DoneStep draft={draft} onAnother={onAnother} />;
    default:
      return assertNever(step);
  }
}

/** What was chosen in a step so far, for the list on the left. */
function chosenText(
  id: AddLogSourceStep,
  draft: LogSourceDraft,
  at: AddLogSourceStep,
  preview: LogPreview | null,
): string {
  if (addLogSourceSteps.indexOf(id) >= addLogSourceSteps.indexOf(at)) return '';
  switch (id) {
    case 'path':
      return [draft.path.trim(), ...draft.more].join(' · ');
    case 'preview':
      return preview === null || preview.files.length === 0 ? '' : preview.format;
    case 'details':
      return `${draft.name} · ${draft.host}`;
    case 'confirm':
    case 'done':
      return '';
  }
}
