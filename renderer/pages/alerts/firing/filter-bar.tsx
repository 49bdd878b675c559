import { useId } from 'react';
import { severitySchema } from '#shared/contract/site.ts';
import { Button } from '../../../components/button.tsx';
import { FilterInput } from '../../../components/filter-input.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { parseMatchers } from '../alert-address.ts';
import type { FiringFilters } from './firing-model.ts';

/** Severity, host and labels that narrow the list. */
export function FilterBar({
  filters,
  hosts,
  onChange,
}: {
  readonly filters: FiringFilters;
  readonly hosts: readonly string[];
  readonly onChange: (filters: FiringFilters) => void;
}) {
  const { t } = useTranslation();
  const bad = useId();
  const isBad = parseMatchers(filters.labels) === null;
  const isNarrowed = filters.severity !== null || filters.host !== '' || filters.labels !== '';
  // A host of an old address that has no alert now stays selectable, so that the list says what it shows.
  const offered = filters.host === '' || hosts.includes(filters.host) ? hosts : [filters.host, ...hosts];
  return (
    <div className="row">
      <select
        className="input"
        aria-label={t('alerts:severityFilter')}
        value={filters.severity ?? ''}
        onChange={(event) =>
          onChange({
            ...filters,
            severity: severitySchema.options.find((known) => known === event.target.value) ?? null,
          })
        }
      >
        <option value="">{t('alerts:allSeverities')}</option>
        {severitySchema.options.map((severity) => (
          <option key={severity} value={severity}>
            {t(`common:state.${severity}`)}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('alerts:filter.host')}
        value={filters.host}
        onChange={(event) => onChange({ ...filters, host: event.target.value })}
      >
        <option value="">{t('alerts:filter.allHosts')}</option>
        {offered.map((host) => (
          <option key={host} value={host}>
            {host}
          </option>
        ))}
      </select>
      <FilterInput
        className="input mono"
        data-filter
        size={30}
        aria-label={t('alerts:filter.labels')}
        aria-invalid={isBad}
        aria-describedby={isBad ? bad : undefined}
        placeholder={t('alerts:filter.labelsExample')}
        value={filters.labels}
        onText={(labels) => onChange({ ...filters, labels })}
      />
      {isBad && (
        <span id={bad} className="field-error small">
          {t('alerts:filter.badLabels')}
        </span>
      )}
      {isNarrowed && (
        <Button kind="quiet" onClick={() => onChange({ severity: null, host: '', labels: '' })}>
          {t('alerts:filter.clear')}
        </Button>
      )}
    </div>
  );
}
