import { useState } from 'react';
import type { Target } from '#shared/contract/hosts.ts';
import type { JobDraft, JobLimits, JobPreview, ScrapeJobView } from '#shared/contract/scrape-jobs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LimitFields } from './limit-fields.tsx';
import { limitsOf } from './limits.ts';
import { SamplesPreview, TargetsPreview } from './rule-previews.tsx';

type EditorProps = {
  readonly view: ScrapeJobView;
  readonly onSaved: () => void;
  readonly onClose: () => void;
};

/** Rules and limits of a job: edited, tried on its targets and on the samples of one of them, and only then taken over. */
export function JobEditor({ view, onSaved, onClose }: EditorProps) {
  const { t } = useTranslation();
  const call = useCall();
  const name = view.job.settings.job;
  const [relabel, setRelabel] = useState(view.relabelText);
  const [metricRelabel, setMetricRelabel] = useState(view.metricRelabelText);
  const [limits, setLimits] = useState<JobLimits>(() => limitsOf(view.job.settings));
  const [samplesOf, setSamplesOf] = useState('');
  const [shown, setShown] = useState<{ readonly draft: JobDraft; readonly preview: JobPreview } | null>(null);
  const looking = useSaving(() => undefined);
  const saving = useSaving(onSaved);
  const targets = useTargets(name);
  const draft: JobDraft = { name, relabel, metricRelabel, limits };
  const asked = samplesOf === '' ? (targets[0]?.id ?? '') : samplesOf;
  const look = async (): Promise<void> => {
    const answer = call('hosts.jobs.preview', { ...draft, ...(asked === '' ? {} : { samplesOf: asked }) });
    await looking.run(answer);
    const result = await answer;
    if (result.ok) setShown({ draft, preview: result.value });
  };
  // What was looked at is what is saved; after a further change it has to be looked at again.
  const isSeen = shown !== null && JSON.stringify(shown.draft) === JSON.stringify(draft);
  const faultOf = (field: 'relabel' | 'metricRelabel'): AppError | null =>
    (isSeen ? shown.preview.faults.find((fault) => fault.field === field)?.error : null) ?? null;
  const canSave = isSeen && shown.preview.faults.length === 0;
  return (
    <Panel title={t('jobs:editOf', { job: name })}>
      <form
        className="stack"
        data-testid="job-editor"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <p className="soft">{t('jobs:editBody')}</p>
        <RulesField
          label="relabel_configs"
          hint={t('jobs:relabelHint')}
          value={relabel}
          error={faultOf('relabel')}
          onChange={setRelabel}
        />
        <RulesField
          label="metric_relabel_configs"
          hint={t('jobs:metricHint')}
          value={metricRelabel}
          error={faultOf('metricRelabel')}
          onChange={setMetricRelabel}
        />
        <LimitFields limits={limits} targets={targets} onChange={setLimits} />
        {targets.length > 0 && (
          <SelectField
            label={t('jobs:samplesOf')}
            hint={t('jobs:samplesHint')}
            value={asked}
            options={targets.map(({ id, url }) => [id, url])}
            onChange={setSamplesOf}
          />
        )}
        {looking.error && <ErrorNotice error={looking.error} />}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <Button type="submit" kind={canSave ? 'default' : 'primary'} disabled={looking.busy}>
            {t('jobs:look')}
          </Button>
          <Button
            kind={canSave ? 'primary' : 'default'}
            disabled={!canSave || saving.busy}
            onClick={() => void saving.run(call('hosts.jobs.save', draft))}
          >
            {t('jobs:save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.close')}</Button>
          <span className="soft" role="status">
            {isSeen ? '' : t('jobs:lookFirst')}
          </span>
        </div>
      </form>
      {isSeen && shown.preview.faults.length === 0 && (
        <>
          <TargetsPreview targets={shown.preview.targets} />
          {shown.preview.samples && <SamplesPreview samples={shown.preview.samples} />}
        </>
      )}
    </Panel>
  );
}

/** The targets of a job that are scraped. */
function useTargets(job: string): readonly Target[] {
  const answer = useRequest('hosts.jobs.targets', { name: job }, { refreshMs: 15_000 });
  return answer.data?.targets ?? [];
}

type RulesFieldProps = {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly error: AppError | null;
  readonly onChange: (text: string) => void;
};

/** Rules as YAML; what is wrong stands below with the line itself. */
function RulesField({ label, hint, value, error, onChange }: RulesFieldProps) {
  const text = useText();
  const line = error?.line;
  return (
    <Field label={label} hint={hint} error={error ? text(error.message) : null}>
      {(field) => (
        <>
          <textarea
            {...field}
            className="input mono"
            rows={Math.min(20, Math.max(4, value.split('\n').length + 1))}
            spellCheck={false}
            wrap="off"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {line !== undefined && (
            <pre className="source-line">{`${line}: ${value.split('\n')[line - 1] ?? ''}`}</pre>
          )}
        </>
      )}
    </Field>
  );
}
