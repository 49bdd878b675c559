import type { Panel } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { CheckField } from '../../../components/check-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ListField, NumberField, TextField } from './field-inputs.tsx';
import { commaParts } from './variable-source-form.tsx';

export type KindFormProps = { readonly panel: Panel; readonly onChange: (panel: Panel) => void };

const calcs = ['lastNotNull', 'min', 'max', 'mean', 'median', 'sum', 'count', 'range', 'diff'] as const;

/** What only a panel of this kind can be told. */
export function KindForm({ panel, onChange }: KindFormProps) {
  const { t } = useTranslation();
  const fields = fieldsOf({ panel, onChange }, t);
  return fields === null ? null : (
    <section className="panel fields">
      <h3>{t(`dashboards:kind.${panel.kind}`)}</h3>
      {fields}
    </section>
  );
}

type T = ReturnType<typeof useTranslation>['t'];

function fieldsOf({ panel, onChange }: KindFormProps, t: T) {
  switch (panel.kind) {
    case 'timeseries':
    case 'states':
      return (
        <>
          <CheckField
            label={t('dashboards:kindOption.legend')}
            value={panel.legend.shown}
            onChange={(shown) => onChange({ ...panel, legend: { ...panel.legend, shown } })}
          />
          <SelectField
            label={t('dashboards:kindOption.legendPlace')}
            value={panel.legend.place}
            options={[
              ['bottom', t('dashboards:kindOption.bottom')],
              ['right', t('dashboards:kindOption.right')],
            ]}
            onChange={(place) => onChange({ ...panel, legend: { ...panel.legend, place } })}
          />
          {panel.kind === 'timeseries' && (
            <fieldset className="row">
              <legend>{t('dashboards:kindOption.legendCalcs')}</legend>
              {(['min', 'max', 'mean', 'sum'] as const).map((calc) => (
                <CheckField
                  key={calc}
                  label={t(`dashboards:calc.${calc}`)}
                  value={panel.legend.calcs.includes(calc)}
                  onChange={(on) => {
                    const left = panel.legend.calcs.filter((one) => one !== calc);
                    onChange({ ...panel, legend: { ...panel.legend, calcs: on ? [...left, calc] : left } });
                  }}
                />
              ))}
            </fieldset>
          )}
        </>
      );
    case 'stat':
      return (
        <>
          <CalcField panel={panel} onChange={onChange} t={t} />
          <CheckField
            label={t('dashboards:kindOption.spark')}
            value={panel.spark}
            onChange={(spark) => onChange({ ...panel, spark })}
          />
          <SelectField
            label={t('dashboards:kindOption.colored')}
            value={panel.colored}
            options={(['none', 'value', 'background'] as const).map((value) => [
              value,
              t(`dashboards:kindOption.colored_${value}`),
            ])}
            onChange={(colored) => onChange({ ...panel, colored })}
          />
        </>
      );
    case 'gauge':
    case 'bar':
      return <CalcField panel={panel} onChange={onChange} t={t} />;
    case 'heatmap':
      return (
        <SelectField
          label={t('dashboards:kindOption.counts')}
          value={panel.counts}
          options={(['buckets', 'samples'] as const).map((value) => [
            value,
            t(`dashboards:kindOption.counts_${value}`),
          ])}
          onChange={(counts) => onChange({ ...panel, counts })}
        />
      );
    case 'logs':
      return (
        <>
          <TextField
            label={t('dashboards:kindOption.search')}
            hint={t('dashboards:kindOption.searchHint')}
            value={panel.query}
            onChange={(query) => onChange({ ...panel, query })}
            mono
          />
          <Limit panel={panel} onChange={onChange} most={1_000} t={t} />
          <CheckField
            label={t('dashboards:kindOption.oldestFirst')}
            value={panel.oldestFirst}
            onChange={(oldestFirst) => onChange({ ...panel, oldestFirst })}
          />
          <CheckField
            label={t('dashboards:kindOption.wrap')}
            value={panel.wrap}
            onChange={(wrap) => onChange({ ...panel, wrap })}
          />
        </>
      );
    case 'alerts':
      return (
        <>
          <SelectField
            label={t('dashboards:kindOption.show')}
            value={panel.show}
            options={(['firing', 'all'] as const).map((value) => [
              value,
              t(`dashboards:kindOption.show_${value}`),
            ])}
            onChange={(show) => onChange({ ...panel, show })}
          />
          <fieldset className="row">
            <legend>{t('dashboards:kindOption.severities')}</legend>
            {(['critical', 'warning', 'info'] as const).map((severity) => (
              <CheckField
                key={severity}
                label={t(`common:state.${severity}`)}
                value={panel.severities.includes(severity)}
                onChange={(on) => {
                  const left = panel.severities.filter((one) => one !== severity);
                  onChange({ ...panel, severities: on ? [...left, severity] : left });
                }}
              />
            ))}
          </fieldset>
          <TextField
            label={t('dashboards:kindOption.contains')}
            value={panel.contains}
            onChange={(contains) => onChange({ ...panel, contains })}
          />
          <Limit panel={panel} onChange={onChange} most={500} t={t} />
        </>
      );
    case 'backups':
      return (
        <ListField
          label={t('dashboards:kindOption.plans')}
          hint={t('dashboards:kindOption.plansHint')}
          value={panel.plans.join(', ')}
          canonical={(text) => commaParts(text).join(', ')}
          onChange={(text) => onChange({ ...panel, plans: commaParts(text) })}
        />
      );
    case 'text':
      return <TextContent panel={panel} onChange={onChange} />;
    case 'table':
      return null;
  }
}

type OneOf<K extends Panel['kind']> = {
  readonly panel: Extract<Panel, { readonly kind: K }>;
  readonly onChange: (panel: Panel) => void;
  readonly t: T;
};

function CalcField({ panel, onChange, t }: OneOf<'stat' | 'gauge' | 'bar'>) {
  return (
    <SelectField
      label={t('dashboards:kindOption.calc')}
      value={calcs.find((calc) => calc === panel.calc) ?? 'lastNotNull'}
      options={calcs.map((value) => [value, t(`dashboards:calc.${value}`)])}
      onChange={(calc) => onChange({ ...panel, calc })}
    />
  );
}

function Limit({ panel, onChange, most, t }: OneOf<'logs' | 'alerts'> & { readonly most: number }) {
  return (
    <NumberField
      label={t('dashboards:kindOption.limit')}
      value={panel.limit}
      min={1}
      max={most}
      whole
      nullable={false}
      onChange={(limit) => onChange({ ...panel, limit: limit ?? panel.limit })}
    />
  );
}

/** What a text panel says: one text for both languages, or one for each. */
function TextContent({ panel, onChange }: Omit<OneOf<'text'>, 't'>) {
  const { t, i18n } = useTranslation();
  const { content } = panel;
  if (typeof content === 'string')
    return (
      <>
        <TextField
          label={t('dashboards:kindOption.content')}
          hint={t('dashboards:kindOption.contentHint')}
          rows={10}
          value={content}
          onChange={(text) => onChange({ ...panel, content: text })}
          mono
        />
        <CheckField
          label={t('dashboards:kindOption.bothLanguages')}
          value={false}
          onChange={() => onChange({ ...panel, content: { zh: content, en: content } })}
        />
      </>
    );
  return (
    <>
      {(['zh', 'en'] as const).map((language) => (
        <TextField
          key={language}
          label={`${t('dashboards:kindOption.content')} · ${language === 'zh' ? '中文' : 'English'}`}
          rows={7}
          value={content[language]}
          onChange={(text) => onChange({ ...panel, content: { ...content, [language]: text } })}
          mono
        />
      ))}
      <CheckField
        label={t('dashboards:kindOption.bothLanguages')}
        value
        onChange={() =>
          onChange({ ...panel, content: localize(content, i18n.language === 'en' ? 'en' : 'zh') })
        }
      />
    </>
  );
}
