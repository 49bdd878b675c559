import { useId } from 'react';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { ListField } from '../../components/list-field.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { StepForm } from '../step-form.tsx';
import { localZone, ReadingFields } from './reading-fields.tsx';
import type { LogSourceDraft } from './steps.ts';

type FormStepProps = {
  readonly draft: LogSourceDraft;
  readonly change: (part: Partial<LogSourceDraft>) => void;
  /** Enter in a field goes on, which is always safe before the confirmation. */
  readonly onNext: () => void;
};

/** Where the log is, and how its bytes become lines and events. */
export function PathStep({ draft, change, onNext }: FormStepProps) {
  const { t } = useTranslation();
  const logins = useRequest('ssh.logins.list', {});
  const known = logins.data?.logins ?? [];
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
            {draft.login === null && <Button onClick={() => void choose()}>{t('logs:wizard.choose')}</Button>}
          </div>
        )}
      </Field>
      {(known.length > 0 || draft.login !== null) && (
        <SelectField
          label={t('logs:wizard.where')}
          hint={draft.login === null ? undefined : t('logs:wizard.whereHint')}
          value={draft.login ?? ''}
          options={[
            ['', t('logs:wizard.here')],
            ...known.map(
              (login) => [login.id, t('logs:wizard.onHost', { name: login.name, host: login.host })] as const,
            ),
          ]}
          onChange={(login) =>
            change({
              login: login === '' ? null : login,
              host: known.find(({ id }) => id === login)?.name ?? 'localhost',
            })
          }
        />
      )}
      <ReadingFields reading={draft} onChange={change} />
      <details>
        <summary>{t('logs:wizard.morePaths')}</summary>
        <div className="stack-small">
          <ListField
            label={t('logs:wizard.more')}
            value={draft.more}
            placeholder="/opt/hmtt/logs"
            onChange={(more) => change({ more })}
          />
          <ListField
            label={t('logs:wizard.exclude')}
            value={draft.exclude}
            rows={1}
            placeholder="*.bak"
            onChange={(exclude) => change({ exclude })}
          />
        </div>
      </details>
    </StepForm>
  );
}

/** Its name, its host, its zone, and where to begin. */
export function DetailsStep({ draft, change, onNext }: FormStepProps) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <StepForm onNext={onNext}>
      <TextField
        label={t('logs:wizard.name')}
        hint={t('logs:wizard.nameHint')}
        maxLength={100}
        value={draft.name}
        onChange={(value) => change({ name: value })}
      />
      <TextField
        label={t('logs:wizard.host')}
        maxLength={200}
        value={draft.host}
        onChange={(value) => change({ host: value })}
      />
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
          path: [draft.path.trim(), ...draft.more].join(t('rotation:list')),
          name: draft.name.trim(),
          from: t(
            draft.from === 'beginning' ? 'logs:wizard.confirmFromBeginning' : 'logs:wizard.confirmFromEnd',
          ),
        })}
      </p>
      <dl className="facts">
        <dt>{t('logs:wizard.format')}</dt>
        <dd>{draft.format === 'auto' ? t('logs:wizard.formatName.auto') : draft.format}</dd>
        <dt>{t('logs:wizard.encoding')}</dt>
        <dd>{t(`logs:wizard.encodingName.${draft.encoding}`)}</dd>
        <dt>{t('logs:wizard.multiline')}</dt>
        <dd>{t(`logs:wizard.multilineName.${draft.multiline.kind}`)}</dd>
        <dt>{t('logs:sources.host')}</dt>
        <dd>{draft.host}</dd>
        <dt>{t('logs:sources.zone')}</dt>
        <dd>{draft.zone === '' ? t('logs:wizard.zoneLocal', { zone: localZone() }) : draft.zone}</dd>
      </dl>
      <p className="soft">{t('logs:wizard.undo')}</p>
    </>
  );
}
