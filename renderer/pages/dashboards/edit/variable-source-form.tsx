import type { Variable, VariableSource } from '#shared/domain/dashboard/variables.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ListField, TextField } from './field-inputs.tsx';

export type VariableSourceFormProps = {
  readonly variable: Variable;
  readonly onChange: (variable: Variable) => void;
};

const sources = ['labelValues', 'labelNames', 'metrics', 'series', 'result'] as const;

/** A source of another kind, keeping what both have. */
function sourceOf(of: VariableSource['of'], old: VariableSource): VariableSource {
  const selector = 'selector' in old && old.selector !== '' ? old.selector : 'up';
  switch (of) {
    case 'labelValues':
      return { of, label: 'instance', selector };
    case 'labelNames':
      return { of, selector };
    case 'metrics':
      return { of, pattern: 'node_.*' };
    case 'series':
      return { of, selector };
    case 'result':
      return { of, expr: selector };
  }
}

/** Where a variable's values come from. */
export function VariableSourceForm({ variable, onChange }: VariableSourceFormProps) {
  const { t } = useTranslation();
  switch (variable.kind) {
    case 'query': {
      const { source } = variable;
      const put = (next: VariableSource): void => onChange({ ...variable, source: next });
      return (
        <>
          <SelectField
            label={t('dashboards:variable.source')}
            value={source.of}
            options={sources.map((value) => [value, t(`dashboards:variable.of_${value}`)])}
            onChange={(of) => put(sourceOf(of, source))}
          />
          {source.of === 'labelValues' && (
            <TextField
              label={t('dashboards:variable.labelName')}
              value={source.label}
              onChange={(label) => {
                if (label !== '') put({ ...source, label });
              }}
              mono
            />
          )}
          {'selector' in source && (
            <TextField
              label={t('dashboards:variable.selector')}
              value={source.selector}
              onChange={(selector) => {
                if (selector !== '' || source.of !== 'series') put({ ...source, selector });
              }}
              mono
            />
          )}
          {source.of === 'metrics' && (
            <TextField
              label={t('dashboards:variable.pattern')}
              value={source.pattern}
              onChange={(pattern) => put({ ...source, pattern })}
              mono
            />
          )}
          {source.of === 'result' && (
            <TextField
              label={t('dashboards:variable.expr')}
              value={source.expr}
              onChange={(expr) => {
                if (expr !== '') put({ ...source, expr });
              }}
              mono
            />
          )}
          <TextField
            label={t('dashboards:variable.regex')}
            value={variable.regex}
            onChange={(regex) => onChange({ ...variable, regex })}
            mono
          />
        </>
      );
    }
    case 'custom':
      return (
        <ListField
          label={t('dashboards:variable.options')}
          hint={t('dashboards:variable.optionsHint')}
          rows={4}
          value={optionLines(variable.options)}
          canonical={(text) => optionLines(optionsOf(text))}
          onChange={(text) => onChange({ ...variable, options: optionsOf(text) })}
        />
      );
    case 'interval':
      return (
        <ListField
          label={t('dashboards:variable.choices')}
          value={variable.choices.join(', ')}
          canonical={(text) => commaParts(text).join(', ')}
          onChange={(text) => {
            const choices = commaParts(text);
            if (choices.length > 0) onChange({ ...variable, choices });
          }}
          mono
        />
      );
    case 'text':
    case 'constant':
      return (
        <TextField
          label={t('dashboards:variable.value')}
          value={variable.value}
          onChange={(value) => onChange({ ...variable, value })}
          mono
        />
      );
  }
}

/** One option a line: `value`, or `text : value`. */
export function optionsOf(text: string): { text: string; value: string }[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const parts = /^(.*?) : (.*)$/.exec(line);
      const value = (parts?.[2] ?? line).trim();
      return { text: (parts?.[1] ?? value).trim(), value };
    });
}

function optionLines(options: readonly { readonly text: string; readonly value: string }[]): string {
  return options.map(({ text, value }) => (text === value ? value : `${text} : ${value}`)).join('\n');
}

/** The parts between commas, without empty ones. */
export function commaParts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
