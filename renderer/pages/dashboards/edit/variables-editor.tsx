import { useState } from 'react';
import { localize } from '#shared/domain/dashboard/text.ts';
import { type Variable, variableSchema } from '#shared/domain/dashboard/variables.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Draft } from '../use-draft.ts';
import { TextField } from './field-inputs.tsx';
import { VariableSourceForm } from './variable-source-form.tsx';

export type VariablesEditorProps = { readonly draft: Draft; readonly onClose: () => void };

const kinds = ['query', 'custom', 'interval', 'text', 'constant'] as const;

/** A new variable of a kind. */
export function newVariable(kind: Variable['kind'], name: string): Variable {
  const bare: Readonly<Record<Variable['kind'], object>> = {
    query: {
      source: { of: 'labelValues', label: 'instance', selector: 'up' },
      multi: true,
      includeAll: true,
    },
    custom: { options: [] },
    interval: { choices: ['1m', '5m', '15m', '1h'] },
    text: {},
    constant: {},
  };
  return variableSchema.parse({ kind, name, ...bare[kind] });
}

/** The first name that no variable has. */
function freeName(variables: readonly Variable[]): string {
  for (let number = 1; ; number += 1) {
    const name = `var${number}`;
    if (variables.every((variable) => variable.name !== name)) return name;
  }
}

/** The variables of a dashboard, in order: one may use those above it. */
export function VariablesEditor({ draft, onClose }: VariablesEditorProps) {
  const { t } = useTranslation();
  const { variables } = draft.dashboard;
  const put = (next: readonly Variable[], joined?: string): void =>
    draft.edit((before) => ({ ...before, variables: [...next] }), joined);
  const swap = (at: number): void =>
    put(
      variables.map((variable, index) =>
        index === at
          ? (variables[at - 1] ?? variable)
          : index === at - 1
            ? (variables[at] ?? variable)
            : variable,
      ),
    );
  return (
    <Overlay title={t('dashboards:variable.editor')} onClose={onClose}>
      {variables.length === 0 && <p className="soft">{t('dashboards:variable.noneYet')}</p>}
      {variables.map((variable, at) => (
        <OneVariable
          // biome-ignore lint/suspicious/noArrayIndexKey: a variable's name changes while it is typed.
          key={at}
          variable={variable}
          taken={variables.some((other, index) => index !== at && other.name === variable.name)}
          onChange={(next) =>
            put(
              variables.map((old, index) => (index === at ? next : old)),
              `variable ${at}`,
            )
          }
          onUp={at === 0 ? null : () => swap(at)}
          onRemove={() => put(variables.filter((_, index) => index !== at))}
        />
      ))}
      <div className="row">
        {kinds.map((kind) => (
          <Button
            key={kind}
            kind="quiet"
            onClick={() => put([...variables, newVariable(kind, freeName(variables))])}
          >
            + {t(`dashboards:variable.kind_${kind}`)}
          </Button>
        ))}
      </div>
    </Overlay>
  );
}

type OneProps = {
  readonly variable: Variable;
  /** Another variable has this name. */
  readonly taken: boolean;
  readonly onChange: (variable: Variable) => void;
  readonly onUp: (() => void) | null;
  readonly onRemove: () => void;
};

/** A variable's form. A name that cannot be one stays in the field until it can. */
function OneVariable({ variable, taken, onChange, onUp, onRemove }: OneProps) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useState(variable.name);
  const fits = /^\w+$/.test(name) && !name.startsWith('__');
  return (
    <section className="panel fields" aria-label={variable.name}>
      <div className="panel-head">
        <h3>
          <code>${variable.name}</code>{' '}
          <span className="soft">{t(`dashboards:variable.kind_${variable.kind}`)}</span>
        </h3>
        <span className="row">
          <Button
            kind="quiet"
            className="icon-btn"
            aria-label={t('metrics:act.up')}
            disabled={onUp === null}
            onClick={() => onUp?.()}
          >
            <Icon name="up" size={14} />
          </Button>
          <Button kind="quiet" className="icon-btn" aria-label={t('metrics:act.remove')} onClick={onRemove}>
            <Icon name="close" size={14} />
          </Button>
        </span>
      </div>
      <div className="fields-row">
        <TextField
          label={t('dashboards:variable.name')}
          value={name}
          onChange={(next) => {
            setName(next);
            if (/^\w+$/.test(next) && !next.startsWith('__')) onChange({ ...variable, name: next });
          }}
          mono
        />
        <TextField
          label={t('dashboards:variable.label')}
          value={localize(variable.label, i18n.language === 'en' ? 'en' : 'zh')}
          onChange={(label) => onChange({ ...variable, label })}
        />
      </div>
      {(!fits || taken) && (
        <p className="field-error small" role="status">
          <StateShape state="warning" size={10} />{' '}
          {taken ? t('dashboards:variable.taken') : t('dashboards:variable.badName')}
        </p>
      )}
      <VariableSourceForm variable={variable} onChange={onChange} />
      {(variable.kind === 'query' || variable.kind === 'custom') && (
        <div className="row">
          <CheckField
            label={t('dashboards:variable.multi')}
            value={variable.multi}
            onChange={(multi) => onChange({ ...variable, multi })}
          />
          <CheckField
            label={t('dashboards:variable.includeAll')}
            value={variable.includeAll}
            onChange={(includeAll) => onChange({ ...variable, includeAll })}
          />
        </div>
      )}
      <SelectField
        label={t('dashboards:variable.hidden')}
        value={variable.hidden}
        options={(['no', 'label', 'all'] as const).map((value) => [
          value,
          t(`dashboards:variable.hidden_${value}`),
        ])}
        onChange={(hidden) => onChange({ ...variable, hidden })}
      />
    </section>
  );
}
