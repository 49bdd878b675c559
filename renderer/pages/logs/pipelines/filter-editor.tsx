import { useEffect, useState } from 'react';
import { CheckField } from '../../../components/check-field.tsx';
import { Field } from '../../../components/field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { FilterDraft } from './step-draft.ts';
import {
  commonOptions,
  filterOptions,
  type OptionName,
  optionText,
  optionTypes,
  optionValue,
} from './step-spec.ts';

export type FilterEditorProps = {
  readonly filter: FilterDraft;
  readonly onChange: (filter: FilterDraft) => void;
};

/** The options of one filter, and the condition under which it runs. */
export function FilterEditor({ filter, onChange }: FilterEditorProps) {
  const { t } = useTranslation();
  const { first, more } = filterOptions[filter.kind];
  const rest = [...more, ...commonOptions].filter((name) => !first.includes(name));
  const set = (name: string, value: unknown): void => {
    const { [name]: _, ...others } = filter;
    onChange({ ...others, ...(value === undefined ? {} : { [name]: value }), kind: filter.kind });
  };
  const option = (name: OptionName) => (
    <Option key={name} name={name} value={filter[name]} onChange={(value) => set(name, value)} />
  );
  return (
    <div className="stack-small">
      <p className="soft small">{t(`pipelines:means.${filter.kind}`)}</p>
      {first.map(option)}
      <TextField
        mono
        label={t('pipelines:edit.when')}
        placeholder={'[level] == "error" and "slow" in [tags]'}
        value={typeof filter.when === 'string' ? filter.when : ''}
        onChange={(when) => set('when', when.trim() === '' ? undefined : when)}
      />
      {rest.length > 0 && (
        <details>
          <summary>{t('pipelines:edit.more')}</summary>
          <div className="stack-small">{[...new Set(rest)].map(option)}</div>
        </details>
      )}
    </div>
  );
}

type OptionProps = {
  readonly name: OptionName;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
};

function Option({ name, value, onChange }: OptionProps) {
  const { t } = useTranslation();
  const type = optionTypes[name];
  const said = optionText(type, value);
  const [typed, setTyped] = useState(said);
  // What is half typed is no value yet and stays; a value from elsewhere replaces it.
  useEffect(() => {
    setTyped((old) => (optionText(type, optionValue(type, old)) === said ? old : said));
  }, [type, said]);
  const label = t(`pipelines:option.${name}`);
  if (type === 'check')
    return (
      <CheckField label={label} value={value === true} onChange={(on) => onChange(on ? true : undefined)} />
    );
  const change = (text: string): void => {
    setTyped(text);
    onChange(optionValue(type, text));
  };
  const hint = type === 'text' ? undefined : t(`pipelines:edit.lines.${type}`);
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(field) =>
        type === 'text' ? (
          <input
            {...field}
            className="input mono"
            spellCheck={false}
            maxLength={2000}
            value={typed}
            onChange={(event) => change(event.target.value)}
          />
        ) : (
          <textarea
            {...field}
            className="input mono"
            rows={Math.min(6, Math.max(1, typed.split('\n').length))}
            spellCheck={false}
            value={typed}
            onChange={(event) => change(event.target.value)}
          />
        )
      }
    </Field>
  );
}
