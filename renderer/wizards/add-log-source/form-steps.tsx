import { useId } from 'react';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { Field } from '../field.tsx';
import { StepForm } from '../step-form.tsx';
import { type LogSourceDraft, namedFormats } from './steps.ts';

type FormStepProps = {
  readonly draft: LogSourceDraft;
  readonly change: (part: Partial<LogSourceDraft>) => void;
  /** Enter in a field goes on, which is always safe before the confirmation. */
  readonly onNext: () => void;
};

/** The zone of this workstation, e.g. `Asia/Shanghai`. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Where the log is, and what its lines look like. */
export function PathStep({ draft, change, onNext }: FormStepProps) {
  const { t } = useTranslation();
  const pattern = !namedFormats.some((name) => name === draft.format);
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFolder({ title: t('logs:wizard.choose') });
    if (answer?.ok && answer.value !== null) change({ path: `${answer.value}/*.log` });
  };
  return (
    <StepForm onNext={onNext}>
      <Field label={t('logs:wizard.path')} hint={t('logs:wizard.pathHint')}>
        {(field) => (
          <div className="row">
            <input
              {...field}
              className="input mono grow"
              value={draft.path}
              placeholder="/var/log/hmtt/hmtt.log"
              spellCheck={false}
              onChange={(event) => change({ path: event.target.value })}
            />
            <Button onClick={() => void choose()}>{t('logs:wizard.choose')}</Button>
          </div>
        )}
      </Field>
      <Field label={t('logs:wizard.format')} hint={t('logs:wizard.formatHint')}>
        {(field) => (
          <select
            {...field}
            className="input"
            value={pattern ? 'pattern' : draft.format}
            onChange={(event) =>
              change({
                format:
                  event.target.value === 'pattern'
                    ? '^(?<time>\\S+) (?<level>\\S+) (?<message>.*)$'
                    : event.target.value,
              })
            }
          >
            {namedFormats.map((name) => (
              <option key={name} value={name}>
                {t(`logs:wizard.formatName.${name}`)}
              </option>
            ))}
            <option value="pattern">{t('logs:wizard.formatName.pattern')}</option>
          </select>
        )}
      </Field>
      {pattern && (
        <Field label={t('logs:wizard.pattern')}>
          {(field) => (
            <input
              {...field}
              className="input mono"
              value={draft.format}
              spellCheck={false}
              onChange={(event) => change({ format: event.target.value })}
            />
          )}
        </Field>
      )}
    </StepForm>
  );
}

/** Its name, its host, its zone, and where to begin. */
export function DetailsStep({ draft, change, onNext }: FormStepProps) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <StepForm onNext={onNext}>
      <Field label={t('logs:wizard.name')} hint={t('logs:wizard.nameHint')}>
        {(field) => (
          <input
            {...field}
            className="input"
            maxLength={100}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('logs:wizard.host')}>
        {(field) => (
          <input
            {...field}
            className="input"
            maxLength={200}
            value={draft.host}
            onChange={(event) => change({ host: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('logs:wizard.zone')} hint={t('logs:wizard.zoneHint', { zone: localZone() })}>
        {(field) => (
          <input
            {...field}
            className="input"
            maxLength={64}
            value={draft.zone}
            placeholder={localZone()}
            onChange={(event) => change({ zone: event.target.value.trim() })}
          />
        )}
      </Field>
      <fieldset className="choices">
        <legend>{t('logs:wizard.from')}</legend>
        {(['beginning', 'end'] as const).map((from) => (
          <label key={from} className="choice">
            <input
              type="radio"
              name={group}
              checked={draft.from === from}
              onChange={() => change({ from })}
            />
            {t(from === 'beginning' ? 'logs:wizard.fromBeginning' : 'logs:wizard.fromEnd')}
          </label>
        ))}
      </fieldset>
    </StepForm>
  );
}

/** What will happen, in one sentence. */
export function ConfirmStep({ draft }: FormStepProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="confirm-sentence">
        {t('logs:wizard.confirm', {
          path: draft.path.trim(),
          name: draft.name.trim(),
          from: t(
            draft.from === 'beginning' ? 'logs:wizard.confirmFromBeginning' : 'logs:wizard.confirmFromEnd',
          ),
        })}
      </p>
      <dl className="facts">
        <dt>{t('logs:wizard.format')}</dt>
        <dd>{draft.format === 'auto' ? t('logs:wizard.formatName.auto') : draft.format}</dd>
        <dt>{t('logs:sources.host')}</dt>
        <dd>{draft.host}</dd>
        <dt>{t('logs:sources.zone')}</dt>
        <dd>{draft.zone === '' ? t('logs:wizard.zoneLocal', { zone: localZone() }) : draft.zone}</dd>
      </dl>
      <p className="soft">{t('logs:wizard.undo')}</p>
    </>
  );
}
