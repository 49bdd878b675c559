import type { LogSource } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { LevelShape } from './level-mark.tsx';
import { type LogFilters, levelsBySeverity, noFilters, toggled } from './log-filters.ts';

export type FilterBarProps = {
  readonly filters: LogFilters;
  readonly sources: readonly LogSource[];
  readonly onChange: (filters: LogFilters) => void;
};

/** Quick filters by level and source. */
export function FilterBar({ filters, sources, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const narrowed = filters.text !== '' || filters.levels.length > 0 || filters.sources.length > 0;
  // A source of an old link that does not exist any more is still named: it is what empties the list.
  const names = [...new Set([...sources.map((source) => source.name), ...filters.sources])];
  return (
    <div className="filter-bar">
      <fieldset className="filter-bar bare">
        <legend className="visually-hidden">{t('logs:search.levels')}</legend>
        {levelsBySeverity.map((level) => (
          <Button
            key={level}
            className={`level-chip level-${level}`}
            aria-pressed={filters.levels.includes(level)}
            onClick={() => onChange({ ...filters, levels: toggled(filters.levels, level) })}
          >
            <LevelShape level={level} /> {t(`logs:level.${level}`)}
          </Button>
        ))}
      </fieldset>
      <select
        className="input"
        aria-label={t('logs:search.source')}
        value={filters.sources[0] ?? ''}
        onChange={(event) =>
          onChange({ ...filters, sources: event.target.value === '' ? [] : [event.target.value] })
        }
      >
        <option value="">{t('logs:search.allSources')}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {narrowed && (
        <Button kind="quiet" onClick={() => onChange(noFilters)}>
          {t('logs:search.clear')}
        </Button>
      )}
    </div>
  );
}
