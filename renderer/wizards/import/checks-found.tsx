import type { CheckImport } from '#shared/contract/checks.ts';
import { Button } from '../../components/button.tsx';
import { ImportFindings } from '../../components/import-findings.tsx';
import { saveText } from '../../components/save-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const ROWS_SHOWN = 200;

/** What becomes of the files: checks that are taken, hosts that are missing, what cannot be taken and where it stands. */
export function ChecksFound({ answer }: { readonly answer: CheckImport }) {
  const { t } = useTranslation();
  const { added, changed, unchanged, hostsUnknown, notTaken, rules } = answer;
  return (
    <div className="stack" data-testid="import-preview">
      <p className="sentence">{t('imports:sentence', { added: added.length, changed, unchanged })}</p>
      {hostsUnknown.length > 0 && (
        <div className="notice notice-warning">
          <div className="notice-body">
            <strong>{t('imports:hostsUnknown', { count: hostsUnknown.length })}</strong>
            <div className="breakable">{hostsUnknown.join(', ')}</div>
            <div className="soft">{t('imports:hostsUnknownHint')}</div>
          </div>
        </div>
      )}
      <ImportFindings
        state="warning"
        title={t('imports:notTaken', { count: notTaken.length })}
        items={notTaken.map(({ line, what, why }) => ({ line, what, text: why }))}
      />
      {added.length > 0 && (
        <table className="plain-table">
          <caption className="visually-hidden">{t('imports:added')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('imports:host')}</th>
              <th scope="col">{t('imports:check')}</th>
              <th scope="col">{t('imports:checkKind')}</th>
            </tr>
          </thead>
          <tbody>
            {added.slice(0, ROWS_SHOWN).map(({ host, name, kind }) => (
              <tr key={`${host} ${name}`}>
                <td>{host}</td>
                <td className="breakable">{name}</td>
                <td>{kind}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {added.length > ROWS_SHOWN && (
        <p className="soft">{t('jobs:firstOf', { shown: ROWS_SHOWN, total: added.length })}</p>
      )}
      {rules !== '' && (
        <div className="stack-small">
          <h3>{t('imports:rules')}</h3>
          <p className="soft">{t('imports:rulesHint')}</p>
          <pre className="source-line">{rules}</pre>
          <div>
            <Button onClick={() => void saveText('zabbix-rules.yml', rules)}>{t('imports:saveRules')}</Button>
          </div>
        </div>
      )}
    </div>
  );
}
