import { useId } from 'react';
import type { Matcher } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useKnownLabels } from '../known-labels.ts';

const OPERATORS = ['=', '!=', '=~', '!~'] as const;
const WORDS = { '=': 'is', '!=': 'isNot', '=~': 'matches', '!~': 'matchesNot' } as const;

/** Conditions on labels, one a line: name, comparison, value. Names and values of open alerts are offered. */
export function MatcherFields({
  matchers,
  onChange,
}: {
  readonly matchers: readonly Matcher[];
  readonly onChange: (matchers: readonly Matcher[]) => void;
}) {
  const { t } = useTranslation();
  const names = useId();
  const known = useKnownLabels();
  const set = (index: number, part: Partial<Matcher>): void =>
    onChange(matchers.map((matcher, at) => (at === index ? { ...matcher, ...part } : matcher)));
  return (
    <fieldset className="matchers">
      <legend>{t('alerts:matchers.legend')}</legend>
      <datalist id={names}>
        {[...known.keys()].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {matchers.map((matcher, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
        <div key={index} className="matcher">
          <input
            className="input mono"
            list={names}
            aria-label={t('alerts:matchers.name')}
            value={matcher.name}
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <select
            className="input"
            aria-label={t('alerts:matchers.operator')}
            value={matcher.op}
            onChange={(event) => set(index, { op: OPERATORS.find((op) => op === event.target.value) ?? '=' })}
          >
            {OPERATORS.map((op) => (
              <option key={op} value={op}>
                {op} {t(`alerts:matchers.op.${WORDS[op]}`)}
              </option>
            ))}
          </select>
          <input
            className="input mono"
            list={`${names}-${index}`}
            aria-label={t('alerts:matchers.value')}
            value={matcher.value}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <datalist id={`${names}-${index}`}>
            {(known.get(matcher.name) ?? []).map((value) => (
              <option key={value} value={value} />
            ))}
          </datalist>
          <Button
            kind="quiet"
            aria-label={t('alerts:matchers.remove', { name: matcher.name })}
            onClick={() => onChange(matchers.filter((_, at) => at !== index))}
          >
            <Icon name="close" size={12} />
          </Button>
        </div>
      ))}
      <Button onClick={() => onChange([...matchers, { name: '', op: '=', value: '' }])}>
        {t('alerts:matchers.add')}
      </Button>
    </fieldset>
  );
}
