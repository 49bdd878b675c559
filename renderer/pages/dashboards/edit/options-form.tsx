import type { FieldOptions } from '#shared/domain/dashboard/field.ts';
import { type AskingPanel, isAsking, type Panel } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Draft } from '../use-draft.ts';
import { DrawForm } from './draw-form.tsx';
import { NumberField, TextField } from './field-inputs.tsx';
import { KindForm } from './kind-form.tsx';
import { MappingsForm } from './mappings-form.tsx';
import { ThresholdsForm } from './thresholds-form.tsx';
import { UnitField } from './unit-field.tsx';

export type OptionsFormProps = {
  readonly panel: Panel;
  readonly draft: Draft;
  readonly onChange: (panel: Panel) => void;
};

/** Everything about a panel besides its expressions. */
export function OptionsForm({ panel, draft, onChange }: OptionsFormProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const repeating = draft.dashboard.variables.filter(({ kind }) => kind === 'query' || kind === 'custom');
  return (
    <div className="options">
      <section className="panel fields">
        <h3>{t('dashboards:option.about')}</h3>
        <TextField
          label={t('dashboards:option.title')}
          value={localize(panel.title, language)}
          onChange={(title) => onChange({ ...panel, title })}
        />
        <TextField
          label={t('dashboards:option.description')}
          rows={2}
          value={localize(panel.description, language)}
          onChange={(description) => onChange({ ...panel, description })}
        />
        {repeating.length > 0 && (
          <SelectField
            label={t('dashboards:option.repeat')}
            value={panel.repeat?.variable ?? ''}
            options={[
              ['', t('dashboards:edit.noRepeat')],
              ...repeating.map(
                ({ name }) => [name, t('dashboards:edit.repeatBy', { name: `$${name}` })] as const,
              ),
            ]}
            onChange={(variable) =>
              onChange({
                ...panel,
                repeat: variable === '' ? null : { variable, direction: 'across', most: 4 },
              })
            }
          />
        )}
      </section>
      <KindForm panel={panel} onChange={onChange} />
      {isAsking(panel) && <FieldForm panel={panel} onChange={onChange} />}
    </div>
  );
}

type FieldFormProps = { readonly panel: AskingPanel; readonly onChange: (panel: Panel) => void };

/** Units, bounds, colours and thresholds of the values. */
function FieldForm({ panel, onChange }: FieldFormProps) {
  const { t } = useTranslation();
  const { field } = panel;
  const put = (change: Partial<FieldOptions>): void => onChange({ ...panel, field: { ...field, ...change } });
  return (
    <>
      <section className="panel fields">
        <h3>{t('dashboards:option.values')}</h3>
        <UnitField value={field.unit} onChange={(unit) => put({ unit })} />
        <div className="fields-row">
          <NumberField
            label={t('dashboards:option.decimals')}
            value={field.decimals}
            min={0}
            max={15}
            whole
            onChange={(decimals) => put({ decimals })}
          />
          <NumberField
            label={t('dashboards:option.min')}
            value={field.min}
            onChange={(min) => put({ min })}
          />
          <NumberField
            label={t('dashboards:option.max')}
            value={field.max}
            onChange={(max) => put({ max })}
          />
        </div>
        <SelectField
          label={t('dashboards:option.color')}
          value={field.color.mode === 'thresholds' ? 'thresholds' : 'palette'}
          options={[
            ['palette', t('dashboards:option.palette')],
            ['thresholds', t('dashboards:option.byThresholds')],
          ]}
          onChange={(mode) => put({ color: { mode } })}
        />
      </section>
      {panel.kind === 'timeseries' && (
        <DrawForm draw={field.draw} onChange={(change) => put({ draw: { ...field.draw, ...change } })} />
      )}
      <ThresholdsForm thresholds={field.thresholds} onChange={(thresholds) => put({ thresholds })} />
      <MappingsForm mappings={field.mappings} onChange={(mappings) => put({ mappings: [...mappings] })} />
    </>
  );
}
