import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { chosenValues, selector } from '../editor/selectors.ts';
import type { ExplorerProps } from './explorer.tsx';
import type { MetricName } from './name-tree.ts';
import { suggestions } from './suggestions.ts';

export type MetricDetailsProps = ExplorerProps & {
  readonly metric: MetricName;
  readonly onClose: () => void;
};

/** Values of one label that are shown; the rest is found by typing in the expression. */
const VALUES = 100;

/** A metric in detail: what it is, expressions that fit its type, its labels and their values. */
export function MetricDetails({ metric, onUse, onLabel, expressions, onClose }: MetricDetailsProps) {
  const { t } = useTranslation();
  const [label, setLabel] = useState<string | null>(null);
  const names = useRequest('metrics.labelNames', { matchers: [selector(metric.name, [])] });
  return (
    <section className="metric-details" aria-label={metric.name}>
      <div className="explorer-head">
        <h3 className="mono">{metric.name}</h3>
        <Button kind="quiet" aria-label={t('common:action.close')} onClick={onClose}>
          <Icon name="close" size={12} />
        </Button>
      </div>
      <p className="small">
        <span className="type-badge">{t(`metrics:type.${metric.type}`)}</span>{' '}
        <span className="soft figure">{t('metrics:seriesNow', { count: metric.series })}</span>
      </p>
      {metric.help !== '' && <p className="small soft">{metric.help}</p>}
      <div className="row">
        {suggestions(metric).map(({ id, expr }) => (
          <Button key={id} title={expr} onClick={() => onUse(expr)}>
            {t(`metrics:suggest.${id}`)}
          </Button>
        ))}
      </div>
      <RequestView request={names} rows={3}>
        {(data) => (
          <ul className="label-list" aria-label={t('metrics:labelsOf', { metric: metric.name })}>
            {data.names
              .filter((name) => name !== '__name__')
              .map((name) => (
                <li key={name}>
                  <button
                    type="button"
                    className="name-entry name-group"
                    aria-expanded={label === name}
                    onClick={() => setLabel(label === name ? null : name)}
                  >
                    <span className={label === name ? 'turned' : ''}>
                      <Icon name="arrow" size={10} />
                    </span>
                    <span className="mono ellipsis">{name}</span>
                  </button>
                  {label === name && (
                    <LabelValues metric={metric.name} label={name} {...{ onLabel, expressions }} />
                  )}
                </li>
              ))}
          </ul>
        )}
      </RequestView>
    </section>
  );
}

type LabelValuesProps = Pick<ExplorerProps, 'onLabel' | 'expressions'> & {
  readonly metric: string;
  readonly label: string;
};

/** The values of a label with the number of present series of each; a click puts one into the expression. */
function LabelValues({ metric, label, onLabel, expressions }: LabelValuesProps) {
  const { t } = useTranslation();
  const matchers = [selector(metric, [])];
  const chosen = expressions.flatMap((expr) => chosenValues(expr, metric, label));
  const values = useRequest('metrics.labelValues', { label, matchers, limit: VALUES });
  // How many series each value has now; a value without one is of the past, and still can be looked at.
  const counts = useRequest('metrics.query', { expr: `count by (${label}) (${selector(metric, [])})` });
  const countOf = (value: string): string => {
    const data = counts.data;
    if (data === null || data.resultType !== 'vector') return '';
    return data.result.find((row) => row.metric[label] === value)?.value[1] ?? '0';
  };
  return (
    <RequestView request={values} rows={2}>
      {(data) => (
        <>
          <ul className="value-list">
            {data.values.map((value) => (
              <li key={value}>
                <button
                  type="button"
                  className="name-entry"
                  aria-pressed={chosen.includes(value)}
                  title={t('metrics:chooseValue', { label, value })}
                  onClick={() => onLabel(metric, label, value)}
                >
                  <span className="mono ellipsis">{value}</span>
                  <span className="soft small figure">{countOf(value)}</span>
                </button>
              </li>
            ))}
          </ul>
          {data.total > data.values.length && (
            <p className="soft small">
              {t('metrics:valuesShown', { shown: data.values.length, total: data.total })}
            </p>
          )}
        </>
      )}
    </RequestView>
  );
}
