import { useState } from 'react';
import { CHECK_KINDS, type CheckRun } from '#shared/contract/checks.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type CheckDraft, checkOf, type FieldSpec, firstValues, KIND_FIELDS } from './check-draft.ts';
import { RunSteps } from './run-steps.tsx';
import { SecretPicker } from './secret-picker.tsx';

/** Adds a check or changes one; it can be tried before it is saved. */
export function CheckDialog({
  first,
  address,
  onClose,
}: {
  readonly first: CheckDraft;
  /** The host's, for the fields of a kind that is chosen. */
  readonly address: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const saving = useSaving(onClose);
  const [draft, setDraft] = useState(first);
  const [trial, setTrial] = useState<'running' | CheckRun | AppError | null>(null);
  const edit = (change: Partial<CheckDraft>): void => setDraft((old) => ({ ...old, ...change }));
  const read = checkOf(draft);
  const tryNow = async (): Promise<void> => {
    if (!read.ok) return;
    setTrial('running');
    const answer = await call('checks.try', { check: read.check });
    setTrial(answer.ok ? answer.value : answer.error);
  };
  const line = (name: 'name' | 'intervalS' | 'timeoutS' | 'retries', isFirst = false) => (
    <TextField
      label={t(`checks:form.${name}`)}
      name={name}
      autoFocus={isFirst}
      autoComplete="off"
      value={draft[name]}
      onChange={(value) => edit({ [name]: value })}
    />
  );
  return (
    <Overlay
      kind="dialog"
      title={t(draft.id === null ? 'checks:form.add' : 'checks:form.edit')}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (read.ok && !saving.busy) void saving.run(call('checks.put', read.check));
        }}
      >
        <div className="fields-row">
          {line('name', true)}
          <SelectField
            label={t('checks:form.kind')}
            name="kind"
            value={draft.kind}
            options={CHECK_KINDS.map((kind) => [kind, t(`checks:kind.${kind}`)])}
            onChange={(kind) => edit({ kind, values: firstValues(kind, address) })}
          />
        </div>
        {KIND_FIELDS[draft.kind].map((spec) => (
          <KindField
            key={spec.name}
            spec={spec}
            hostId={draft.hostId}
            address={address}
            value={draft.values[spec.name] ?? ''}
            onChange={(value) => edit({ values: { ...draft.values, [spec.name]: value } })}
          />
        ))}
        <div className="fields-row">
          {line('intervalS')}
          {line('timeoutS')}
          {line('retries')}
        </div>
        <TextAreaField
          label={t('checks:form.thresholds')}
          hint={t('checks:form.thresholdsHint')}
          rows={2}
          value={draft.thresholds}
          onChange={(thresholds) => edit({ thresholds })}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={draft.enabled}
            onChange={(event) => edit({ enabled: event.target.checked })}
          />
          {t('checks:form.enabled')}
        </label>
        {!read.ok && draft.name !== '' && (
          <p className="field-error small">{t('checks:form.wrong', { field: read.field })}</p>
        )}
        {trial === 'running' && <p className="soft">{t('checks:running')}</p>}
        {trial !== null &&
          trial !== 'running' &&
          ('code' in trial ? <ErrorNotice error={trial} /> : <RunSteps run={trial} />)}
        <SaveFoot error={saving.error} canSave={read.ok && !saving.busy} onClose={onClose}>
          <Button disabled={!read.ok || trial === 'running'} onClick={() => void tryNow()}>
            {t('checks:form.try')}
          </Button>
        </SaveFoot>
      </form>
    </Overlay>
  );
}

/** Fields whose meaning the label alone does not say. */
const HINTED = ['expect', 'send', 'server', 'args', 'value', 'insecure'] as const;
type Hinted = (typeof HINTED)[number];
const isHinted = (name: string): name is Hinted => HINTED.some((one) => one === name);

function KindField({
  spec: { name, as, options },
  hostId,
  address,
  value,
  onChange,
}: {
  readonly spec: FieldSpec;
  readonly hostId: string;
  readonly address: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  if (as === 'flag')
    return (
      <label className="row">
        <input
          type="checkbox"
          name={name}
          checked={value !== ''}
          onChange={(event) => onChange(event.target.checked ? 'yes' : '')}
        />
        {t(`checks:field.${name}`)}
      </label>
    );
  if (as === 'secret')
    return (
      <SecretPicker
        label={t(`checks:field.${name}`)}
        name={name}
        hostId={hostId}
        host={address}
        value={value}
        onChange={onChange}
      />
    );
  return (
    <Field label={t(`checks:field.${name}`)} {...(isHinted(name) ? { hint: t(`checks:hint.${name}`) } : {})}>
      {(field) => {
        const given = { ...field, name, value, className: 'input mono', spellCheck: false };
        if (as === 'choice')
          return (
            <select {...given} onChange={(event) => onChange(event.target.value)}>
              {(options ?? []).map((option) => (
                <option key={option} value={option}>
                  {option}
                </option>
              ))}
            </select>
          );
        return as === 'lines' ? (
          <textarea {...given} rows={2} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...given} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
        );
      }}
    </Field>
  );
}
