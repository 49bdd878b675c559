import { useId, useState } from 'react';
import type { ResolvedVariable } from '#shared/contract/dashboards.ts';
import { ALL, type Variable } from '#shared/domain/dashboard/variables.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Menu } from '../../components/menu.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

export type VariablePickerProps = {
  readonly variable: Extract<Variable, { readonly kind: 'query' | 'custom' }>;
  readonly label: string;
  readonly resolved: ResolvedVariable | undefined;
  /** What the address chooses: it is shown at once, before the engine has looked at it. */
  readonly asked: readonly string[] | undefined;
  readonly onChoose: (values: readonly string[]) => void;
};

/** Entries that are drawn at once; the search finds the others. */
const SHOWN = 300;

/** The values after one was ticked or unticked. All and single values exclude each other; the last one stays. */
export function ticked(chosen: readonly string[], value: string): readonly string[] {
  if (value === ALL) return [ALL];
  const single = chosen.filter((one) => one !== ALL);
  if (!single.includes(value)) return [...single, value];
  const left = single.filter((one) => one !== value);
  return left.length === 0 ? chosen : left;
}

/** Chooses one or several values of a variable, with a search. */
export function VariablePicker({ variable, label, resolved, asked, onChoose }: VariablePickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const [search, setSearch] = useState('');
  const options = (resolved?.options ?? []).filter(({ value }) => value !== ALL);
  const known = (asked ?? []).filter((value) => value === ALL || options.some((one) => one.value === value));
  const chosen = known.length > 0 ? known : (resolved?.chosen ?? []);
  const wanted = search.trim().toLowerCase();
  const found = wanted === '' ? options : options.filter(({ text }) => text.toLowerCase().includes(wanted));
  const textOf = (value: string): string =>
    value === ALL
      ? t('dashboards:variable.all')
      : (options.find((option) => option.value === value)?.text ?? value);
  const face =
    chosen.length === 0
      ? t('dashboards:variable.none')
      : chosen.length <= 2
        ? chosen.map(textOf).join(' + ')
        : t('dashboards:variable.several', { count: chosen.length });
  const pick = (value: string): void => onChoose(variable.multi ? ticked(chosen, value) : [value]);
  const entry = (value: string, text: string) => (
    <label key={value} className="variable-option">
      <input
        type={variable.multi ? 'checkbox' : 'radio'}
        name={id}
        checked={chosen.includes(value)}
        onChange={() => pick(value)}
      />
      <span className="ellipsis" title={text}>
        {text}
      </span>
    </label>
  );
  return (
    <div className="variable">
      <span className="variable-label" id={id}>
        {label}
      </span>
      <Menu
        label={`${label}: ${face}`}
        className="btn variable-face"
        face={
          <>
            <span className="ellipsis">{face}</span>
            <Icon name="down" size={10} />
          </>
        }
      >
        <div className="variable-list">
          <input
            type="search"
            className="input"
            placeholder={t('dashboards:variable.search')}
            aria-label={t('dashboards:variable.searchIn', { label })}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <fieldset className="variable-options" aria-labelledby={id}>
            {variable.includeAll && wanted === '' && entry(ALL, t('dashboards:variable.all'))}
            {found.slice(0, SHOWN).map(({ value, text }) => entry(value, text))}
          </fieldset>
          <p className="soft small figure" role="status">
            {t('dashboards:variable.shown', {
              shown: Math.min(SHOWN, found.length),
              total: options.length + (resolved?.omitted ?? 0),
            })}
          </p>
          {variable.multi && wanted !== '' && found.length > 0 && found.length <= SHOWN && (
            <Button kind="quiet" onClick={() => onChoose(found.map(({ value }) => value))}>
              {t('dashboards:variable.takeFound', { count: found.length })}
            </Button>
          )}
        </div>
      </Menu>
    </div>
  );
}
