import { useId } from 'react';
import type { FormMatcher } from '#shared/contract/rule-forms.ts';
import { Button } from '../../../../components/button.tsx';
import { Field } from '../../../../components/field.tsx';
import { Icon } from '../../../../components/icon.tsx';
import { SelectField } from '../../../../components/select-field.tsx';
import { durationText } from '../../../../components/time.ts';
import { useRequest } from '../../../../components/use-request.ts';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { PromqlEditor } from '../../../metrics/editor/promql-editor.tsx';
import type { FieldSpec } from './form-spec.ts';

type ControlProps = {
  readonly spec: FieldSpec;
  readonly value: unknown;
  readonly wrong: boolean;
  readonly onChange: (value: unknown) => void;
};

/** Names of metrics that a field offers; the rest is found by typing on. */
const MOST_OFFERED = 200;

/** One control of a form. */
export function FormControl({ spec, value, wrong, onChange }: ControlProps) {
  const { t } = useTranslation();
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const label = t(spec.label);
  const hint =
    'hint' in spec && spec.hint !== undefined
      ? { hint: t(spec.hint, { example: '{{ $labels.instance }}' }) }
      : {};
  switch (spec.type) {
    case 'number':
      return (
        <Field label={label}>
          {(field) => (
            <input
              {...field}
              className="input figure"
              type="number"
              step="any"
              aria-invalid={wrong}
              value={text}
              onChange={(event) => onChange(event.target.value === '' ? '' : Number(event.target.value))}
            />
          )}
        </Field>
      );
    case 'duration':
      return <DurationControl spec={spec} value={value} onChange={onChange} />;
    case 'choice':
      return (
        <SelectField
          label={label}
          value={text}
          options={spec.options.map((option) => [
            option.value,
            option.text === null ? option.value : t(option.text),
          ])}
          onChange={onChange}
        />
      );
    case 'metric':
      return <MetricControl label={label} value={text} wrong={wrong} onChange={onChange} />;
    case 'labels':
      return (
        <Field label={label} {...hint}>
          {(field) => (
            <input
              {...field}
              className="input mono"
              aria-invalid={wrong}
              defaultValue={Array.isArray(value) ? value.join(', ') : ''}
              onChange={(event) => {
                const names = event.target.value.split(/[,\s]+/).filter(Boolean);
                onChange(names.length === 0 && spec.name === 'sumBy' ? null : names);
              }}
            />
          )}
        </Field>
      );
    case 'expression':
      return (
        <div className="field">
          <span>{label}</span>
          <PromqlEditor
            label={label}
            value={text}
            onChange={onChange}
            onRun={onChange}
            onProblem={() => undefined}
          />
        </div>
      );
    case 'text':
      return (
        <Field label={label} {...hint}>
          {(field) => (
            <input
              {...field}
              className="input"
              aria-invalid={wrong}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      );
  }
}

/** A length of time: one of the usual ones, or the present one. */
export function DurationControl({
  spec,
  value,
  none,
  onChange,
}: {
  readonly spec: Extract<FieldSpec, { type: 'duration' }>;
  readonly value: unknown;
  /** What 0 is called, where it is offered. */
  readonly none?: string;
  readonly onChange: (value: number) => void;
}) {
  const { t } = useTranslation();
  const now = typeof value === 'number' ? value : 0;
  const usual = none === undefined ? spec.usual : [0, ...spec.usual];
  const offered = usual.includes(now) ? usual : [...usual, now].sort((a, b) => a - b);
  return (
    <SelectField
      label={t(spec.label)}
      value={now}
      options={offered.map((ms) => [ms, ms === 0 && none !== undefined ? none : durationText(t, ms)])}
      onChange={onChange}
    />
  );
}

/** The name of a metric, with those that there are. */
export function MetricControl({
  label,
  value,
  wrong,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly onChange: (value: string) => void;
}) {
  const list = useId();
  const names = useRequest('metrics.labelValues', { label: '__name__' });
  const typed = value.toLowerCase();
  const offered = (names.data?.values ?? []).filter((name) => name.toLowerCase().includes(typed));
  return (
    <Field label={label}>
      {(field) => (
        <>
          <input
            {...field}
            className="input mono"
            list={list}
            spellCheck={false}
            aria-invalid={wrong}
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <datalist id={list}>
            {offered.slice(0, MOST_OFFERED).map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

const OPERATORS = ['=', '!=', '=~', '!~'] as const;

/** Conditions on labels of series, one a line. */
export function SeriesMatchers({
  legend,
  matchers,
  onChange,
}: {
  readonly legend: string;
  readonly matchers: readonly FormMatcher[];
  readonly onChange: (matchers: readonly FormMatcher[]) => void;
}) {
  const { t } = useTranslation();
  const list = useId();
  const names = useRequest('metrics.labelNames', {});
  const set = (index: number, part: Partial<FormMatcher>): void =>
    onChange(matchers.map((matcher, at) => (at === index ? { ...matcher, ...part } : matcher)));
  return (
    <fieldset className="matchers">
      <legend>{legend}</legend>
      <datalist id={list}>
        {(names.data?.names ?? []).map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {matchers.map((matcher, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
        <div key={index} className="matcher">
          <input
            className="input mono"
            list={list}
            aria-label={t('rules:form.label')}
            value={matcher.label}
            onChange={(event) => set(index, { label: event.target.value })}
          />
          <select
            className="input"
            aria-label={t('rules:form.comparison')}
            value={matcher.op}
            onChange={(event) => set(index, { op: OPERATORS.find((op) => op === event.target.value) ?? '=' })}
          >
            {OPERATORS.map((op) => (
              <option key={op}>{op}</option>
            ))}
          </select>
          <input
            className="input mono"
            aria-label={t('rules:form.value')}
            value={matcher.value}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <Button
            kind="quiet"
            aria-label={t('rules:form.removeMatcher', { label: matcher.label })}
            onClick={() => onChange(matchers.filter((_, at) => at !== index))}
          >
            <Icon name="close" size={12} />
          </Button>
        </div>
      ))}
      <Button onClick={() => onChange([...matchers, { label: 'instance', op: '=', value: '' }])}>
        {t('rules:form.addMatcher')}
      </Button>
    </fieldset>
  );
}
