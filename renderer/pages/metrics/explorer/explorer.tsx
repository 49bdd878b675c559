import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MetricDetails } from './metric-details.tsx';
import { NameList } from './name-list.tsx';
import { type MetricName, matchingNames, nameTree } from './name-tree.ts';

export type ExplorerProps = {
  /** Puts an expression on the page. */
  readonly onUse: (expr: string) => void;
  /** Chooses or takes back a label's value in the expression that shows the metric. */
  readonly onLabel: (metric: string, label: string, value: string) => void;
  /** The expressions of the page, to show what is chosen in them. */
  readonly expressions: readonly string[];
};

const LIMIT = 20_000;
const REFRESH_MS = 60_000;

/** All metrics by the words that their names begin with; one of them in detail with its labels. */
export function Explorer({ onUse, onLabel, expressions }: ExplorerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  // A site with more names than one answer holds lets the engine search, by name alone.
  const [tooMany, setTooMany] = useState(false);
  const names = useRequest(
    'metrics.names',
    { contains: tooMany ? search.trim() : '', limit: LIMIT },
    { refreshMs: REFRESH_MS },
  );
  if (!tooMany && (names.data?.total ?? 0) > LIMIT) setTooMany(true);
  const all = names.data?.names;
  const found = useMemo(() => matchingNames(all ?? [], search), [all, search]);
  const tree = useMemo(() => nameTree(found), [found]);
  const metric = all?.find(({ name }) => name === chosen);
  return (
    <aside className="panel explorer" aria-label={t('metrics:explorer')}>
      <div className="explorer-head">
        <h2>{t('metrics:explorer')}</h2>
        <Link to="/metrics/space" className="small">
          {t('metrics:space')}
        </Link>
      </div>
      <input
        type="search"
        className="input"
        data-filter
        aria-label={t('metrics:explorerFilter')}
        placeholder={t('metrics:explorerFilter')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <RequestView request={names} rows={12}>
        {(data) =>
          data.total === 0 && !tooMany ? (
            <EmptyState title={t('metrics:noMetrics')} body={t('metrics:noMetricsBody')} />
          ) : (
            <>
              <p className="soft small figure" role="status">
                {t('metrics:names', { shown: found.length, total: data.total })}
              </p>
              {found.length === 0 ? (
                <p className="soft">{t('metrics:noNameMatches')}</p>
              ) : (
                <NameList tree={tree} allOpen={search.trim() !== ''} chosen={chosen} onChoose={setChosen} />
              )}
            </>
          )
        }
      </RequestView>
      {metric && (
        <Details metric={metric} {...{ onUse, onLabel, expressions }} onClose={() => setChosen(null)} />
      )}
    </aside>
  );
}

function Details(props: ExplorerProps & { readonly metric: MetricName; readonly onClose: () => void }) {
  // Another metric is another view: nothing of the one before may stay, not even for an instant.
  return <MetricDetails key={props.metric.name} {...props} />;
}
