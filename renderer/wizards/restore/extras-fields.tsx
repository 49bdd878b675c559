import { Field } from '../../components/field.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { badLineOf, CHECK_SECONDS, type Extras } from './extras.ts';

export type ExtrasFieldsProps = {
  readonly extras: Extras;
  readonly onChange: (extras: Extras) => void;
};

const modes = ['keep', 'names', 'current'] as const;

/** Names, owners, checks and safety copies: folded away, because most restores need none of it. */
export function ExtrasFields({ extras, onChange }: ExtrasFieldsProps) {
  const { t } = useTranslation();
  const bad = badLineOf(extras);
  const text = (name: 'strip' | 'check') => (event: { target: { value: string } }) =>
    onChange({ ...extras, [name]: event.target.value });
  return (
    <>
      <label className="choice">
        <input
          type="checkbox"
          checked={extras.safetyCopy}
          onChange={(event) => onChange({ ...extras, safetyCopy: event.target.checked })}
        />
        <span>
          {t('restore:more.safety')}{' '}
          {!extras.safetyCopy && <span className="state-warning">{t('restore:more.safetyOff')}</span>}
        </span>
      </label>
      <details className="stack-small" data-testid="restore-extras">
        <summary>{t('restore:more.title')}</summary>
        <Field label={t('restore:more.strip')} hint={t('restore:more.stripHint')}>
          {(field) => (
            <input
              {...field}
              className="input"
              value={extras.strip}
              spellCheck={false}
              onChange={text('strip')}
            />
          )}
        </Field>
        <Lines name="renames" hint={t('restore:more.renamesHint')} extras={extras} onChange={onChange} />
        <SelectField
          label={t('restore:more.owners')}
          value={extras.ownerMode}
          options={modes.map((mode) => [mode, t(`restore:more.${mode}`)])}
          onChange={(ownerMode) => onChange({ ...extras, ownerMode })}
        />
        {extras.ownerMode !== 'current' && (
          <>
            <Lines name="users" hint={t('restore:more.mapHint')} extras={extras} onChange={onChange} />
            <Lines name="groups" hint={t('restore:more.mapHint')} extras={extras} onChange={onChange} />
          </>
        )}
        <Field label={t('restore:more.check')} hint={t('restore:more.checkHint', { seconds: CHECK_SECONDS })}>
          {(field) => (
            <input
              {...field}
              className="input"
              value={extras.check}
              spellCheck={false}
              onChange={text('check')}
            />
          )}
        </Field>
      </details>
      {bad !== null && (
        <p className="state-critical" role="alert">
          {t('restore:more.badLine', { line: bad })}
        </p>
      )}
    </>
  );
}

type LinesProps = ExtrasFieldsProps & {
  readonly name: 'renames' | 'users' | 'groups';
  readonly hint: string;
};

function Lines({ name, hint, extras, onChange }: LinesProps) {
  const { t } = useTranslation();
  return (
    <TextAreaField
      label={t(`restore:more.${name}`)}
      hint={hint}
      rows={2}
      value={extras[name]}
      onChange={(typed) => onChange({ ...extras, [name]: typed })}
    />
  );
}
