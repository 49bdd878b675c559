import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { CheckField } from '../../../components/check-field.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { PolicyFieldsProps } from './policy-fields.tsx';

type Hook = 'first' | 'before' | 'after' | 'last';
type Style = RotationPolicy['naming']['style'];

const styles: Readonly<Record<Style, RotationPolicy['naming']>> = {
  archive: { style: 'archive' },
  numbered: { style: 'numbered', start: 1 },
  dated: { style: 'dated', format: '-%Y%m%d', yesterday: false },
};

/** What few policies need: names as other tools give them, commands, patience. */
export function AdvancedFields({ draft, wrong, onChange }: Omit<PolicyFieldsProps, 'named' | 'codecs'>) {
  const { t } = useTranslation();
  const { naming, hooks, create } = draft;
  const isThere = draft.host !== null;
  const hook = (name: Hook) => (
    <TextField
      key={name}
      mono
      label={t(`rotation:form.hook.${name}`)}
      maxLength={16_384}
      value={hooks[name] ?? ''}
      onChange={(value) => onChange({ hooks: { ...hooks, [name]: value.trim() === '' ? null : value } })}
    />
  );
  return (
    <details>
      <summary>{t('rotation:form.more')}</summary>
      <div className="stack-small">
        <ListField
          label={t('rotation:form.exclude')}
          value={draft.exclude}
          rows={1}
          placeholder="*.bak"
          onChange={(exclude) => onChange({ exclude })}
        />
        {!isThere && (
          <>
            <div className="fields-row">
              <SelectField
                label={t('rotation:form.naming')}
                value={naming.style}
                options={(['archive', 'numbered', 'dated'] as const).map((style) => [
                  style,
                  t(`rotation:form.namingStyle.${style}`),
                ])}
                onChange={(style) => onChange({ naming: styles[style] })}
              />
              {naming.style === 'dated' && (
                <TextField
                  mono
                  label={t('rotation:form.dateFormat')}
                  maxLength={60}
                  value={naming.format}
                  onChange={(format) => onChange({ naming: { ...naming, format } })}
                />
              )}
              {naming.style === 'numbered' && (
                <NumberField
                  label={t('rotation:form.numberStart')}
                  value={naming.start}
                  onChange={(start) => onChange({ naming: { ...naming, start: Math.floor(start ?? 1) } })}
                />
              )}
            </div>
            <TextField
              mono
              label={t('rotation:form.dir')}
              hint={t('rotation:form.dirHint')}
              value={draft.dir ?? ''}
              onChange={(dir) => onChange({ dir: dir.trim() === '' ? null : dir.trim() })}
            />
          </>
        )}
        <div className="fields-row">
          <NumberField
            label={t('rotation:form.release')}
            unit={t('rotation:form.seconds')}
            value={draft.releaseMs / 1000}
            onChange={(seconds) => onChange({ releaseMs: Math.round((seconds ?? 60) * 1000) })}
          />
          {!isThere && (
            <TextField
              mono
              label={t('rotation:form.createMode')}
              placeholder={t('rotation:form.createNone')}
              error={wrong.has('create.mode') ? t('rotation:form.modeBad') : null}
              maxLength={4}
              value={create?.mode ?? ''}
              onChange={(mode) =>
                onChange({
                  create:
                    mode.trim() === '' ? null : { user: null, group: null, ...create, mode: mode.trim() },
                })
              }
            />
          )}
        </div>
        {isThere ? (
          <CheckField
            label={t('rotation:form.createThere')}
            value={create !== null}
            onChange={(wanted) =>
              onChange({ create: wanted ? { mode: null, user: null, group: null } : null })
            }
          />
        ) : (
          <CheckField
            label={t('rotation:form.delayCompress')}
            value={draft.delayCompress}
            onChange={(delayCompress) => onChange({ delayCompress })}
          />
        )}
        <CheckField
          label={t('rotation:form.skipEmpty')}
          value={draft.skipEmpty}
          onChange={(skipEmpty) => onChange({ skipEmpty })}
        />
        <CheckField
          label={t('rotation:form.missingOk')}
          value={draft.missingOk}
          onChange={(missingOk) => onChange({ missingOk })}
        />
        {!isThere && (
          <>
            {(['first', 'before', 'after', 'last'] as const).map(hook)}
            <CheckField
              label={t('rotation:form.hook.shared')}
              value={hooks.shared}
              onChange={(shared) => onChange({ hooks: { ...hooks, shared } })}
            />
          </>
        )}
      </div>
    </details>
  );
}
