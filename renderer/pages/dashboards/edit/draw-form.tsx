import type { Draw } from '#shared/domain/dashboard/field.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { NumberField } from './field-inputs.tsx';

export type DrawFormProps = { readonly draw: Draw; readonly onChange: (change: Partial<Draw>) => void };

const styles = ['line', 'bars', 'points'] as const;
const curves = ['linear', 'smooth', 'step-before', 'step-after'] as const;
const stacks = ['none', 'normal', 'percent'] as const;
const axes = ['left', 'right'] as const;
const thresholdLines = ['off', 'line', 'area'] as const;

/** How lines over time are drawn. */
export function DrawForm({ draw, onChange }: DrawFormProps) {
  const { t } = useTranslation();
  return (
    <section className="panel fields">
      <h3>{t('dashboards:draw.title')}</h3>
      <div className="fields-row">
        <SelectField
          label={t('dashboards:draw.style')}
          value={draw.style}
          options={styles.map((value) => [value, t(`dashboards:draw.${value}`)])}
          onChange={(style) => onChange({ style })}
        />
        <SelectField
          label={t('dashboards:draw.curve')}
          value={draw.line}
          options={curves.map((value) => [value, t(`dashboards:draw.${value}`)])}
          onChange={(line) => onChange({ line })}
        />
        <NumberField
          label={t('dashboards:draw.fill')}
          value={draw.fill}
          min={0}
          max={100}
          nullable={false}
          onChange={(fill) => onChange({ fill: fill ?? 0 })}
        />
        <NumberField
          label={t('dashboards:draw.width')}
          value={draw.width}
          min={0}
          max={20}
          nullable={false}
          onChange={(width) => onChange({ width: width ?? 1.5 })}
        />
      </div>
      <div className="fields-row">
        <SelectField
          label={t('dashboards:draw.stack')}
          value={draw.stack}
          options={stacks.map((value) => [value, t(`dashboards:draw.stack_${value}`)])}
          onChange={(stack) => onChange({ stack })}
        />
        <SelectField
          label={t('dashboards:draw.axis')}
          value={draw.axis === 'right' ? 'right' : 'left'}
          options={axes.map((value) => [value, t(`dashboards:draw.axis_${value}`)])}
          onChange={(axis) => onChange({ axis })}
        />
        <SelectField
          label={t('dashboards:draw.gaps')}
          hint={t('dashboards:draw.gapsHint')}
          value={draw.overGaps === false ? 'gaps' : 'over'}
          options={[
            ['gaps', t('dashboards:draw.gapsStay')],
            ['over', t('dashboards:draw.gapsOver')],
          ]}
          onChange={(value) => onChange({ overGaps: value === 'over' })}
        />
        <SelectField
          label={t('dashboards:draw.thresholds')}
          value={draw.thresholds}
          options={thresholdLines.map((value) => [value, t(`dashboards:draw.thresholds_${value}`)])}
          onChange={(thresholds) => onChange({ thresholds })}
        />
        <SelectField
          label={t('dashboards:draw.scale')}
          value={draw.scale === 'linear' ? 'linear' : 'log10'}
          options={[
            ['linear', t('dashboards:draw.scaleLinear')],
            ['log10', t('dashboards:draw.scaleLog')],
          ]}
          onChange={(scale) => onChange({ scale })}
        />
      </div>
    </section>
  );
}
