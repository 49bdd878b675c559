import { Link } from 'react-router';
import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import { formatNumber } from '../../../charts/units.ts';
import { Panel } from '../../../components/page-header.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Annotations that are the sentence and the next step already, in whatever language. */
const SHOWN_ABOVE = /^(summary|description|message)(_[a-z]{2})?$/;

/** Labels, value and texts of an alert, as its rule gave them. */
export function AlertFacts({ record }: { readonly record: AlertRecord }) {
  const { t } = useTranslation();
  const { problem, labels } = record;
  const { alert } = problem;
  return (
    <Panel title={t('alerts:facts.title')}>
      <dl className="facts">
        {alert && (
          <>
            <dt>{t('alerts:facts.value')}</dt>
            <dd className="figure" title={alert.value}>
              {formatNumber(Number(alert.value))}
            </dd>
            <dt>{t('alerts:facts.rule')}</dt>
            <dd>
              <Link to={`/alerts?tab=rules&rule=${encodeURIComponent(labels.alertname ?? '')}`}>
                {labels.alertname} · {alert.group}
              </Link>
            </dd>
          </>
        )}
        <dt>{t('alerts:facts.labels')}</dt>
        <dd>
          <ul className="plain-list mono">
            {Object.entries(labels).map(([name, value]) => (
              <li key={name}>
                {name}="{value}"
              </li>
            ))}
          </ul>
        </dd>
        {Object.entries(alert?.annotations ?? {})
          .filter(([name]) => !SHOWN_ABOVE.test(name))
          .map(([name, value]) => (
            <Annotation key={name} name={name} value={value} />
          ))}
        {record.openings > 1 && (
          <>
            <dt>{t('alerts:facts.openings')}</dt>
            <dd className="figure">{record.openings}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Annotation({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="mono">{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
