import type { LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import { formatNumber } from '../../../charts/units.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { durationText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PolicyFields } from './policy-fields.tsx';
import { RuleState } from './rule-state.tsx';
import { useRulesAddress } from './rules-address.ts';
import type { RuleTask } from './rules-tab.tsx';

export type RuleDetailsProps = {
  readonly group: LiveGroup;
  readonly rule: LiveRule;
  readonly hasForm: boolean;
  readonly onClose: () => void;
  readonly onChanged: () => void;
  readonly onTask: (task: RuleTask) => void;
};

const pairsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ');

/** All that is known of one rule, and what can be done with it. */
export function RuleDetails({ group, rule, hasForm, onClose, onChanged, onTask }: RuleDetailsProps) {
  const { t } = useTranslation();
  const text = useText();
  const { setView } = useRulesAddress();
  const isStarter = group.file.startsWith('starter/');
  const { file } = group;
  return (
    <Overlay title={rule.title ? `${text(rule.title)} · ${rule.name}` : rule.name} onClose={onClose}>
      <div className="stack-small">
        <div className="row">
          <RuleState rule={rule} />
          <span className="soft">{`${file} / ${group.name}`}</span>
        </div>
        {rule.lastError !== null && <div className="notice notice-critical">{rule.lastError}</div>}
        <div className="row">
          {isStarter ? (
            <Button onClick={() => setView('starter')}>{t('rules:detail.toStarter')}</Button>
          ) : (
            <>
              {hasForm && (
                <Button onClick={() => onTask({ what: 'form', file })}>{t('rules:detail.editForm')}</Button>
              )}
              <Button onClick={() => onTask({ what: 'text', file })}>{t('rules:detail.editText')}</Button>
            </>
          )}
          <Button onClick={() => onTask({ what: 'backtest', file })}>{t('rules:detail.backtest')}</Button>
        </div>
        <Facts group={group} rule={rule} />
        {rule.kind === 'alerting' && <Alerts rule={rule} />}
        {rule.kind === 'alerting' && (
          <PolicyFields address={{ file, group: group.name, rule: rule.name }} onChanged={onChanged} />
        )}
      </div>
    </Overlay>
  );
}

function Facts({ group, rule }: Pick<RuleDetailsProps, 'group' | 'rule'>) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      <dt>{t('rules:detail.expr')}</dt>
      <dd>
        <pre className="rule-code">{rule.expr}</pre>
      </dd>
      {rule.kind === 'alerting' && (
        <>
          <dt>{t('rules:detail.for')}</dt>
          <dd>{rule.forMs === 0 ? t('rules:form.atOnce') : durationText(t, rule.forMs)}</dd>
        </>
      )}
      {rule.keepFiringForMs > 0 && (
        <>
          <dt>{t('rules:detail.keepFiring')}</dt>
          <dd>{durationText(t, rule.keepFiringForMs)}</dd>
        </>
      )}
      {Object.keys(rule.labels).length > 0 && (
        <>
          <dt>{t('rules:detail.labels')}</dt>
          <dd className="mono">{pairsText(rule.labels)}</dd>
        </>
      )}
      {Object.entries(rule.annotations).map(([name, text]) => (
        <div key={name} className="fact-row">
          <dt className="mono">{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      <dt>{t('rules:detail.interval')}</dt>
      <dd>{durationText(t, group.intervalMs)}</dd>
      {group.missed > 0 && (
        <>
          <dt>{t('rules:detail.missed')}</dt>
          <dd className="figure">{group.missed}</dd>
        </>
      )}
    </dl>
  );
}

function Alerts({ rule }: { readonly rule: LiveRule }) {
  const { t } = useTranslation();
  const lost = rule.sight?.lost ?? [];
  return (
    <section>
      <h3>{t('rules:detail.alerts')}</h3>
      {rule.alerts.length === 0 ? (
        <p className="soft">{t('rules:detail.noAlerts')}</p>
      ) : (
        <table className="plain-table wide">
          <thead>
            <tr>
              <th scope="col">{t('rules:list.state')}</th>
              <th scope="col">{t('rules:backtest.series')}</th>
              <th scope="col">{t('rules:detail.since')}</th>
              <th scope="col">{t('rules:detail.value')}</th>
            </tr>
          </thead>
          <tbody>
            {rule.alerts.slice(0, MOST_ALERTS).map((alert) => (
              <tr key={pairsText(alert.labels)}>
                <td className="one-line">{t(`rules:state.${alert.state}`)}</td>
                <td className="mono">{pairsText(alert.labels)}</td>
                <td className="one-line">
                  <AbsoluteTime time={alert.activeAt} />
                </td>
                <td className="figure" title={alert.value}>
                  {formatNumber(Number(alert.value))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rule.alerts.length > MOST_ALERTS && (
        <p className="soft">{t('common:table.shown', { shown: MOST_ALERTS, total: rule.alerts.length })}</p>
      )}
      {lost.length > 0 && (
        <>
          <h3>{t('rules:detail.lost')}</h3>
          <ul className="plain-list">
            {lost.map((labels) => (
              <li key={pairsText(labels)} className="mono">
                {pairsText(labels)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const MOST_ALERTS = 200;
