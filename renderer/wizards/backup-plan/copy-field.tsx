import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isAbsolutePath } from '../paths.ts';
import type { BackupPlanDraft } from './draft.ts';
import { copyTexts } from './plan-text.ts';

type CopyFieldProps = {
  readonly value: BackupPlanDraft['copyTo'];
  readonly onChange: (value: BackupPlanDraft['copyTo']) => void;
};

/** Where each point is copied to: folders, and pools of removable media. */
export function CopyField({ value, onChange }: CopyFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const media = useRequest('backup.media.list', {});
  const pools = (media.data?.pools ?? [])
    .map(({ name }) => name)
    .filter((name) => !value.some((target) => target.kind === 'pool' && target.pool === name));
  const isFull = value.length >= 10;
  const addFolder = (): void => {
    if (!isAbsolutePath(typed)) return;
    onChange([...value, { kind: 'folder', dir: typed }]);
    setTyped('');
  };
  return (
    <>
      <h3>{t('plans:copy.title')}</h3>
      <span className="soft small">{t('plans:copy.hint')}</span>
      {value.length === 0 && <span>{t('plans:copy.none')}</span>}
      <ul className="path-list">
        {copyTexts(t, value).map((what, index) => (
          <li key={what} className="row">
            <span className="mono">{what}</span>
            <Button
              kind="quiet"
              aria-label={t('plans:copy.remove', { what })}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            >
              {t('common:action.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Field label={t('plans:copy.typed')}>
        {(field) => (
          <div className="row">
            <input
              {...field}
              className="input mono grow"
              value={typed}
              placeholder="/mnt/second"
              spellCheck={false}
              maxLength={4096}
              onChange={(event) => setTyped(event.target.value.trim())}
            />
            <Button disabled={isFull || !isAbsolutePath(typed)} onClick={addFolder}>
              {t('plans:copy.addFolder')}
            </Button>
          </div>
        )}
      </Field>
      {pools.length > 0 && (
        <SelectField
          label={t('plans:copy.addPool')}
          value=""
          disabled={isFull}
          options={[['', t('plans:copy.choosePool')], ...pools.map((name) => [name, name] as const)]}
          onChange={(pool) => onChange([...value, { kind: 'pool', pool }])}
        />
      )}
    </>
  );
}
