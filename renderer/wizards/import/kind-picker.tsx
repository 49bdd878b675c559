import { useNavigate } from 'react-router';
import { type TextKey, useTranslation } from '../../locales/use-translation.ts';

/** What can be imported into the inventory. */
const IMPORT_KINDS = ['prometheus', 'list', 'nagios', 'zabbix', 'site'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

const NAMES: Readonly<Record<ImportKind, TextKey>> = {
  prometheus: 'imports:kind.prometheus',
  list: 'imports:kind.list',
  nagios: 'imports:kind.nagios',
  zabbix: 'imports:kind.zabbix',
  site: 'imports:kind.site',
};

/** Chooses what the file is; each kind has an address of its own. */
export function KindPicker({ kind }: { readonly kind: ImportKind }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <fieldset className="row" data-testid="import-kind">
      <legend className="visually-hidden">{t('imports:kinds')}</legend>
      {IMPORT_KINDS.map((one) => (
        <label key={one} className="row">
          <input
            type="radio"
            name="import-kind"
            value={one}
            checked={one === kind}
            onChange={() => void navigate(`/hosts/import?what=${one}`, { replace: true })}
          />
          {t(NAMES[one])}
        </label>
      ))}
    </fieldset>
  );
}
