import type { Slo } from '#shared/contract/rules-authoring.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { durationText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { RuleTask } from './rules-tab.tsx';

const REFRESH_MS = 60_000;
const ratioText = (ratio: number): string => `${(ratio * 100).toPrecision(3)} %`;

/** Every service level objective with what is left of its error budget, and how fast it is spent. */
export function SloView({ onTask }: { readonly onTask: (task: RuleTask) => void }) {
  const { t } = useTranslation();
  const slos = useRequest('rules.slo.list', {}, { refreshMs: REFRESH_MS });
  const add = (
    <Button kind="primary" onClick={() => onTask({ what: 'form', file: null, kind: 'slo' })}>
      {t('rules:slo.new')}
    </Button>
  );
  return (
    <RequestView request={slos} rows={4}>
      {(data) =>
        data.slos.length === 0 ? (
          <EmptyState title={t('rules:slo.empty')} body={t('rules:slo.emptyBody')} action={add} />
        ) : (
          <>
            {data.slos.map((slo) => (
              <Panel
                key={slo.file}
                title={slo.name}
                extra={
                  <span className="row">
                    <span className="soft figure">
                      {`${slo.objectivePercent} % · ${durationText(t, slo.windowMs)}`}
                    </span>
                    {!slo.enabled && <span className="soft">{t('rules:slo.disabled')}</span>}
                    <Button onClick={() => onTask({ what: 'form', file: slo.file })}>
                      {t('rules:file.edit')}
                    </Button>
                  </span>
                }
              >
                <Budgets slo={slo} />
              </Panel>
            ))}
            {add}
          </>
        )
      }
    </RequestView>
  );
}

function Budgets({ slo }: { readonly slo: Slo }) {
  const { t } = useTranslation();
  if (slo.budgets.length === 0) return <p className="soft">{t('rules:slo.noEvents')}</p>;
  const windows = slo.budgets[0]?.burn.map(({ windowMs }) => windowMs) ?? [];
  return (
    <table className="plain-table wide">
      <thead>
        <tr>
          <th scope="col">{t('rules:slo.labels')}</th>
          <th scope="col">{t('rules:slo.left')}</th>
          <th scope="col">{t('rules:slo.errors')}</th>
          {windows.map((ms) => (
            <th key={ms} scope="col" title={t('rules:slo.burnHint')}>
              {t('rules:slo.burn', { window: durationText(t, ms) })}
            </th>
          ))}
          <th scope="col">{t('rules:slo.spentAt')}</th>
        </tr>
      </thead>
      <tbody>
        {slo.budgets.map(({ labels, left, errorRatio, burn, spentAt }) => (
          <tr key={JSON.stringify(labels)}>
            <td className="mono">
              {Object.entries(labels)
                .map(([name, value]) => `${name}=${value}`)
                .join(' ') || slo.name}
            </td>
            <td>
              <Left left={left} />
            </td>
            <td className="figure">{errorRatio === null ? '—' : ratioText(errorRatio)}</td>
            {burn.map(({ windowMs, rate }) => (
              <td key={windowMs} className="figure">
                {rate === null ? '—' : `× ${rate.toPrecision(3)}`}
              </td>
            ))}
            <td>
              {left !== null && left <= 0 ? (
                t('rules:slo.spent')
              ) : spentAt === null ? (
                t('rules:slo.lasts')
              ) : (
                <AbsoluteTime time={spentAt} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What is left of a budget, as a word, a figure and a bar. */
function Left({ left }: { readonly left: number | null }) {
  const { t } = useTranslation();
  if (left === null) return <span className="soft">{t('rules:slo.noEvents')}</span>;
  const state = left <= 0 ? 'critical' : left < 0.25 ? 'warning' : 'ok';
  return (
    <span className="slo-left">
      <StateBadge state={state} word={ratioText(left)} />
      <span className="slo-bar" aria-hidden="true">
        <span
          className={`slo-bar-fill slo-${state}`}
          style={{ width: `${Math.max(0, Math.min(1, left)) * 100}%` }}
        />
      </span>
    </span>
  );
}
