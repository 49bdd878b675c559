import { useEffect, useState } from 'react';
import type { ChosenValues, ResolvedVariable } from '#shared/contract/dashboards.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { AUTO_INTERVAL, type Variable } from '#shared/domain/dashboard/variables.ts';
import { StateShape } from '../../components/state-badge.tsx';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { VariablePicker } from './variable-picker.tsx';

export type VariablesBarProps = {
  readonly variables: readonly Variable[];
  readonly resolved: readonly ResolvedVariable[];
  readonly chosen: ChosenValues;
  readonly onChoose: (name: string, values: readonly string[]) => void;
};

/** What can be chosen on a dashboard, one control a variable. */
export function VariablesBar(props: VariablesBarProps) {
  const { t } = useTranslation();
  const shown = props.variables.filter(({ hidden, kind }) => hidden !== 'all' && kind !== 'constant');
  if (shown.length === 0) return null;
  return (
    <search className="variables" aria-label={t('dashboards:variable.bar')}>
      {shown.map((variable) => (
        <One key={variable.name} variable={variable} {...props} />
      ))}
    </search>
  );
}

function One({ variable, resolved, chosen, onChoose }: VariablesBarProps & { readonly variable: Variable }) {
  const { t, i18n } = useTranslation();
  const text = useText();
  const found = resolved.find(({ name }) => name === variable.name);
  const label = localize(variable.label, i18n.language === 'en' ? 'en' : 'zh') || variable.name;
  const choose = (values: readonly string[]): void => onChoose(variable.name, values);
  switch (variable.kind) {
    case 'query':
    case 'custom':
      return (
        <>
          <VariablePicker
            variable={variable}
            label={label}
            resolved={found}
            asked={chosen[variable.name]}
            onChoose={choose}
          />
          {found?.error && (
            <span className="small badge state-warning" role="status">
              <StateShape state="warning" size={10} /> {text(found.error.message)}
            </span>
          )}
        </>
      );
    case 'interval':
      return (
        <label className="variable">
          <span className="variable-label">{label}</span>
          <select
            className="input"
            value={chosen[variable.name]?.[0] ?? found?.chosen[0] ?? variable.choices[0]}
            onChange={(event) => choose([event.target.value])}
          >
            {variable.auto !== null && <option value={AUTO_INTERVAL}>{t('dashboards:variable.auto')}</option>}
            {variable.choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        </label>
      );
    case 'text':
      return (
        <TypedValue
          label={label}
          value={chosen[variable.name]?.[0] ?? variable.value}
          onChoose={(value) => choose([value])}
        />
      );
    case 'constant':
      return null;
  }
}

type TypedValueProps = {
  readonly label: string;
  readonly value: string;
  readonly onChoose: (value: string) => void;
};

/** A value that is typed; it holds from Enter on, or when the field is left. */
function TypedValue({ label, value, onChoose }: TypedValueProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const take = (): void => {
    if (typed !== value) onChoose(typed);
  };
  return (
    <label className="variable">
      <span className="variable-label">{label}</span>
      <input
        className="input"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
    </label>
  );
}
