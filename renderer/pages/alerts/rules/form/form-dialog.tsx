import { useEffect, useState } from 'react';
import type { RuleForm, RuleFormKind } from '#shared/contract/rule-forms.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../../components/button.tsx';
import { Overlay } from '../../../../components/drawer.tsx';
import { ErrorNotice } from '../../../../components/error-notice.tsx';
import { copyText } from '../../../../components/save-text.ts';
import { SelectField } from '../../../../components/select-field.tsx';
import { Skeleton } from '../../../../components/skeleton.tsx';
import { TextField } from '../../../../components/text-field.tsx';
import { useCall, useRequest } from '../../../../components/use-request.ts';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { BacktestPanel } from '../backtest/backtest-panel.tsx';
import { ProblemList } from '../problem-list.tsx';
import { DurationControl, FormControl, SeriesMatchers } from './form-fields.tsx';
import { type FormDraft, formKinds, formSpecs, newDraft, readDraft, WAITS } from './form-spec.ts';
import { eventsOf, matchersOf, SloEvents } from './slo-events.tsx';

export type FormDialogProps = {
  /** The file of the form that is changed; null for a new one. */
  readonly file: string | null;
  readonly kind?: RuleFormKind;
  /** What a new form holds already; else it is empty. */
  readonly initial?: FormDraft;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Goes on with what the form wrote, as text; left out where there is no such place. */
  readonly onText?: (file: string | null, text: string) => void;
};

/** A rule as a form, with the file that it writes and what it would have done, beside it. */
export function FormDialog(props: FormDialogProps) {
  const { t } = useTranslation();
  const known = useRequest('rules.forms.get', { file: props.file ?? '-' }, { enabled: props.file !== null });
  const title = t(props.file === null ? 'rules:form.newTitle' : 'rules:form.editTitle');
  if (props.file === null)
    return <FormEditor {...props} title={title} initial={props.initial ?? newDraft(props.kind ?? 'disk')} />;
  if (known.data?.form) return <FormEditor {...props} title={title} initial={{ ...known.data.form }} />;
  return (
    <Overlay title={title} onClose={props.onClose}>
      {known.error ? (
        <ErrorNotice error={known.error} onRetry={known.reload} />
      ) : known.data ? (
        <p>{t('rules:form.edited')}</p>
      ) : (
        <Skeleton rows={6} />
      )}
    </Overlay>
  );
}

function FormEditor({
  file,
  title,
  initial,
  onClose,
  onDone,
  onText,
}: FormDialogProps & { readonly title: string; readonly initial: FormDraft }) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(initial);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const read = readDraft(draft);
  const form = 'form' in read ? read.form : null;
  const wrong = 'wrong' in read ? read.wrong : new Set<string>();
  const preview = usePreview(form);
  const canSave = form !== null && !busy && preview !== null && preview.problems.length === 0;
  const set = (name: string, value: unknown): void => setDraft((old) => ({ ...old, [name]: value }));
  const save = async (): Promise<void> => {
    if (form === null) return;
    setBusy(true);
    const answer = await call('rules.forms.save', { file, form });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok && answer.value.file !== null) onDone();
  };
  return (
    <Overlay title={title} onClose={onClose}>
      <div className="rule-form">
        <form
          className="stack-small"
          data-testid="rule-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (canSave) void save();
          }}
        >
          <SelectField
            label={t('rules:form.kind')}
            autoFocus
            value={draft.kind}
            options={formKinds.map((kind) => [kind, t(`rules:form.kinds.${kind}`)])}
            onChange={(kind) => setDraft(newDraft(kind, draft))}
          />
          <TextField
            label={t('rules:form.name')}
            hint={t('rules:form.nameHint')}
            maxLength={120}
            value={String(draft.name ?? '')}
            onChange={(value) => set('name', value)}
          />
          {draft.kind === 'slo' && (
            <SloEvents
              events={eventsOf(draft.events)}
              wrong={wrong}
              onChange={(events) => set('events', events)}
            />
          )}
          {formSpecs[draft.kind].map((spec) => (
            <FormControl
              key={`${draft.kind}.${spec.name}`}
              spec={spec}
              value={draft[spec.name]}
              wrong={wrong.has(spec.name)}
              onChange={(value) => set(spec.name, value)}
            />
          ))}
          <SharedFields draft={draft} onSet={set} />
          {error && <ErrorNotice error={error} />}
          <div className="row">
            <Button kind="primary" type="submit" disabled={!canSave}>
              {t('rules:form.save')}
            </Button>
            <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          </div>
        </form>
        <div className="stack-small">
          <h3>{t('rules:form.writes')}</h3>
          {preview === null ? (
            <p className="soft">{t('rules:form.incomplete')}</p>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
              <pre className="rule-code" data-testid="rule-preview" tabIndex={0}>
                {preview.text}
              </pre>
              <ProblemList problems={preview.problems} />
              <div className="row">
                <Button onClick={() => void copyText(preview.text)}>{t('rules:form.copy')}</Button>
                {onText && (
                  <Button onClick={() => onText(file, preview.text)}>{t('rules:form.asText')}</Button>
                )}
              </div>
            </>
          )}
          {form !== null && preview?.problems.length === 0 && <BacktestPanel subject={{ form }} />}
        </div>
      </div>
    </Overlay>
  );
}

/** What every kind has. */
function SharedFields({
  draft,
  onSet,
}: {
  readonly draft: FormDraft;
  readonly onSet: (name: string, value: unknown) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      {draft.kind !== 'expression' && (
        <SeriesMatchers
          legend={t('rules:form.matchers')}
          matchers={matchersOf(draft.matchers)}
          onChange={(matchers) => onSet('matchers', matchers)}
        />
      )}
      {draft.kind !== 'slo' && (
        <>
          <DurationControl
            spec={{ type: 'duration', name: 'forMs', label: 'rules:form.for', usual: WAITS }}
            none={t('rules:form.atOnce')}
            value={draft.forMs}
            onChange={(ms) => onSet('forMs', ms)}
          />
          <SelectField
            label={t('rules:form.severity')}
            value={String(draft.severity)}
            options={(['critical', 'warning', 'info'] as const).map((severity) => [
              severity,
              t(`common:state.${severity}`),
            ])}
            onChange={(severity) => onSet('severity', severity)}
          />
        </>
      )}
      <DurationControl
        spec={{ type: 'duration', name: 'keepFiringForMs', label: 'rules:form.keepFiring', usual: WAITS }}
        none={t('rules:form.none')}
        value={draft.keepFiringForMs}
        onChange={(ms) => onSet('keepFiringForMs', ms)}
      />
      <TextField
        label={t('rules:form.advice')}
        hint={t('rules:form.adviceHint')}
        maxLength={1000}
        value={String(draft.advice ?? '')}
        onChange={(value) => onSet('advice', value)}
      />
    </>
  );
}

/** The file that the form writes; null while it is not complete. Typing is waited for. */
function usePreview(form: RuleForm | null) {
  const key = JSON.stringify(form);
  const [asked, setAsked] = useState(form);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form's content is what matters, not which object it is.
  useEffect(() => {
    const timer = setTimeout(() => setAsked(form), TYPING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  const fallback: RuleForm = { ...EXAMPLE, name: '-' };
  const preview = useRequest('rules.forms.preview', { form: asked ?? fallback }, { enabled: asked !== null });
  return form === null || asked === null ? null : preview.data;
}

const TYPING_MS = 250;
const EXAMPLE: Extract<RuleForm, { kind: 'down' }> = {
  kind: 'down',
  name: '-',
  matchers: [],
  forMs: 0,
  keepFiringForMs: 0,
  severity: 'warning',
  advice: '',
};
