import { useId } from 'react';
import { StateShape } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { FolderField } from '../folder-field.tsx';
import { StepForm } from '../step-form.tsx';
import { type RestoreChoices, withWhere } from './choices.ts';
import { ExtrasFields } from './extras-fields.tsx';
import { HostFields } from './host-fields.tsx';
import { ReadyPanel } from './ready-panel.tsx';

const rules = ['never', 'older', 'always'] as const;

export type WhereStepProps = {
  readonly choices: RestoreChoices;
  readonly change: (edit: (choices: RestoreChoices) => RestoreChoices) => void;
  readonly onNext: () => void;
};

/** Where to, and what happens to files that are there already. The safe answers are the ones given beforehand. */
export function WhereStep({ choices, change, onNext }: WhereStepProps) {
  const { t } = useTranslation();
  const places = useId();
  const overwriting = useId();
  const { where, overwrite } = choices;
  const example = choices.what?.kind === 'paths' ? (choices.what.paths[0] ?? '') : 'etc/hmtt/hmtt.conf';
  const dir = where.kind === 'folder' ? where.dir : '';
  return (
    <StepForm onNext={onNext}>
      <fieldset className="choices">
        <legend className="visually-hidden">{t('recovery:wizard.step.where')}</legend>
        <label className="choice-card">
          <input
            type="radio"
            name={places}
            checked={where.kind === 'folder'}
            onChange={() => change((old) => withWhere(old, { kind: 'folder', dir }))}
          />
          <span className="choice-body">
            <strong>{t('recovery:wizard.where.folder')}</strong>
            <span className="soft">{t('recovery:wizard.where.folderBody')}</span>
          </span>
        </label>
        {where.kind === 'folder' && (
          <FolderField
            label={t('recovery:wizard.where.dir')}
            hint={t('recovery:wizard.where.dirHint', {
              example: `${(dir === '' ? '/tmp/restore' : dir).replace(/[\\/]+$/, '')}/${example}`,
            })}
            chooseLabel={t('recovery:wizard.where.chooseDir')}
            placeholder="/tmp/restore"
            value={dir}
            onChange={(path) => change((old) => withWhere(old, { kind: 'folder', dir: path }))}
          />
        )}
        <label className="choice-card">
          <input
            type="radio"
            name={places}
            checked={where.kind === 'original'}
            onChange={() => change((old) => withWhere(old, { kind: 'original' }))}
          />
          <span className="choice-body">
            <strong>{t('recovery:wizard.where.original')}</strong>
            <span className="soft">{t('recovery:wizard.where.originalBody')}</span>
          </span>
        </label>
        <label className="choice-card">
          <input
            type="radio"
            name={places}
            checked={where.kind === 'host'}
            onChange={() =>
              change((old) => withWhere(old, { kind: 'host', login: '', dir: '', source: null }))
            }
          />
          <span className="choice-body">
            <strong>{t('restore:host.title')}</strong>
            <span className="soft">{t('restore:host.body')}</span>
          </span>
        </label>
        {where.kind === 'host' && (
          <HostFields
            plan={choices.what?.plan ?? null}
            where={where}
            onChange={(host) => change((old) => withWhere(old, host))}
          />
        )}
      </fieldset>
      {(where.kind === 'original' || (where.kind === 'host' && where.dir === '/')) && (
        <div className="notice notice-warning" role="alert">
          <StateShape state="warning" />
          <div className="notice-body">{t('recovery:wizard.where.originalWarning')}</div>
        </div>
      )}
      <fieldset className="choices">
        <legend>{t('recovery:wizard.where.overwrite')}</legend>
        {rules.map((rule) => (
          <label key={rule} className="choice">
            <input
              type="radio"
              name={overwriting}
              checked={overwrite === rule}
              onChange={() => change((old) => ({ ...old, overwrite: rule }))}
            />
            <span>
              {t(`recovery:wizard.where.${rule}`)}{' '}
              <span className="soft">{t(`recovery:wizard.where.${rule}Body`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <ReadyPanel choices={choices} />
      <ExtrasFields extras={choices.extras} onChange={(extras) => change((old) => ({ ...old, extras }))} />
    </StepForm>
  );
}
