import { useSearchParams } from 'react-router';
import { auditFilterSchema, auditWaySchema } from '#shared/contract/audit.ts';
import { auditActionWords } from '#shared/domain/audit-words.ts';
import { FilterInput } from '../../../components/filter-input.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { withFilter } from './filter-address.ts';

/** By whom, by which way, what, with what outcome, and which words; all in the address. */
export function AuditFilters({
  people,
  actions,
}: {
  readonly people: readonly string[];
  readonly actions: readonly string[];
}) {
  const { t } = useTranslation();
  const text = useText();
  const [params, setParams] = useSearchParams();
  const set = (name: Parameters<typeof withFilter>[1], value: string): void =>
    setParams((old) => withFilter(old, name, value), { replace: true });
  const chosen = params.get('action') ?? '';
  const named = actions
    .map((action) => ({ action, words: text(auditActionWords(action)) }))
    .toSorted((a, b) => a.words.localeCompare(b.words, 'zh-CN'));
  return (
    <>
      <FilterInput
        className="input table-filter"
        data-filter
        aria-label={t('audit:filter.text')}
        placeholder={t('audit:filter.text')}
        value={params.get('text') ?? ''}
        onText={(typed) => set('text', typed)}
      />
      <select
        className="input"
        aria-label={t('audit:filter.by')}
        value={params.get('by') ?? ''}
        onChange={(event) => set('by', event.target.value)}
      >
        <option value="">{t('audit:filter.everybody')}</option>
        {people.map((person) => (
          <option key={person}>{person}</option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('audit:filter.via')}
        value={params.get('via') ?? ''}
        onChange={(event) => set('via', event.target.value)}
      >
        <option value="">{t('audit:filter.anyWay')}</option>
        {auditWaySchema.options.map((way) => (
          <option key={way} value={way}>
            {t(`audit:via.${way}`)}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('audit:filter.action')}
        value={chosen}
        onChange={(event) => set('action', event.target.value)}
      >
        <option value="">{t('audit:filter.anyAction')}</option>
        {chosen !== '' && !actions.includes(chosen) && <option value={chosen}>{chosen}</option>}
        {named.map(({ action, words }) => (
          <option key={action} value={action}>
            {words}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('audit:filter.outcome')}
        value={params.get('outcome') ?? ''}
        onChange={(event) => set('outcome', event.target.value)}
      >
        <option value="">{t('audit:filter.anyOutcome')}</option>
        {auditFilterSchema.shape.outcome.unwrap().options.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`audit:outcome.${outcome}`)}
          </option>
        ))}
      </select>
    </>
  );
}
