import './space.css';
import { useState } from 'react';
import type { MetricsUsage } from '#shared/contract/metrics-usage.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { Advice } from './advice.tsx';
import type { Culprit } from './drop-rule.ts';
import { LimitsForm } from './limits-form.tsx';
import { lists, type SpaceList, SpaceTable } from './space-tables.tsx';

const SAMPLES_TO_AVERAGE = 10_000_000;

const count = (value: number): string => value.toLocaleString('en-US');

/** Who uses the space: series by metric, label and target, how many are new, the limits, and what to do. */
export function SpacePage() {
  const { t } = useTranslation();
  const [list, setList] = useState<SpaceList>('metrics');
  const [culprit, setCulprit] = useState<Culprit | null>(null);
  const usage = useRequest('metrics.usage', { limit: 500 }, { refreshMs: 30_000 });
  const { data } = usage;
  return (
    <div className="page">
      <PageHeader
        title={t('metrics:space')}
        summary={data && <Summary usage={data} />}
        actions={<PageLink to="/metrics">{t('metrics:usage.back')}</PageLink>}
      />
      <RequestView request={usage}>
        {(shown) => (
          <div className="stack">
            <Refusals usage={shown} />
            <div className="space-columns">
              <div className="stack tight space-main">
                <fieldset className="segmented" aria-label={t('metrics:usage.groupedBy')}>
                  {lists.map((one) => (
                    <Button key={one} aria-pressed={one === list} onClick={() => setList(one)}>
                      {t(`metrics:usage.by.${one}`)}
                    </Button>
                  ))}
                </fieldset>
                <SpaceTable list={list} usage={shown} onChoose={setCulprit} />
              </div>
              <div className="stack tight">
                {culprit === null ? (
                  <Panel title={t('metrics:usage.adviceTitle')}>
                    <p className="soft">{t('metrics:usage.chooseFirst')}</p>
                  </Panel>
                ) : (
                  <Advice culprit={culprit} onClose={() => setCulprit(null)} />
                )}
                <Panel title={t('metrics:usage.limits')}>
                  <LimitsForm limits={shown.limits} onSaved={usage.reload} />
                </Panel>
              </div>
            </div>
          </div>
        )}
      </RequestView>
    </div>
  );
}

function Summary({ usage }: { readonly usage: MetricsUsage }) {
  const { t } = useTranslation();
  const { series, newSeries, samples, bytes, limits } = usage;
  const figures = {
    series: count(series),
    share: ((100 * series) / limits.total).toFixed(1),
    fresh: count(newSeries),
    bytes: formatBytes(bytes),
  };
  // The write-ahead rows of the first hours would make an average that is nobody's.
  return samples < SAMPLES_TO_AVERAGE
    ? t('metrics:usage.summaryShort', figures)
    : t('metrics:usage.summary', { ...figures, each: (bytes / samples).toFixed(2) });
}

/** What is not taken at present, in sentences. */
function Refusals({ usage }: { readonly usage: MetricsUsage }) {
  const { t } = useTranslation();
  const { refused, limits } = usage;
  const targets = usage.targets.flatMap(({ refusal, ...target }) =>
    refusal === null ? [] : [{ ...target, ...refusal }],
  );
  return (
    <>
      {refused && (
        <div className="notice notice-critical" role="alert">
          <StateShape state="critical" />
          <div className="notice-body">
            {t('metrics:usage.full', { limit: count(limits.total), refused: count(refused.series) })}
          </div>
        </div>
      )}
      {targets.slice(0, 5).map(({ job, instance, limit, churn }) => (
        <div className="notice notice-warning" role="alert" key={`${job} ${instance}`}>
          <StateShape state="warning" />
          <div className="notice-body">
            {t(churn ? 'metrics:usage.targetChurns' : 'metrics:usage.targetOver', {
              job,
              instance,
              limit: count(limit),
            })}
          </div>
        </div>
      ))}
      {targets.length > 5 && (
        <p className="soft">{t('metrics:usage.moreTargets', { more: targets.length - 5 })}</p>
      )}
    </>
  );
}
