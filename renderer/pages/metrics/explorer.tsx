import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

type Names = RequestOutput<'metrics.names'>;

const LIMIT = 5_000;

/** The names of all metrics with type, help and number of series; a click puts one into an expression. */
export function Explorer({ onUse }: { readonly onUse: (metric: string) => void }) {
  const { t } = useTranslation();
  const [contains, setContains] = useState('');
  const names = useRequest('metrics.names', { contains, limit: LIMIT });
  return (
    <aside className="panel explorer" aria-label={t('metrics:explorer')}>
      <h2>{t('metrics:explorer')}</h2>
      <input
        type="search"
        className="input"
        data-filter
        aria-label={t('metrics:explorerFilter')}
        placeholder={t('metrics:explorerFilter')}
        value={contains}
        onChange={(event) => setContains(event.target.value)}
      />
      <RequestView request={names} rows={12}>
        {(data) =>
          data.total === 0 && contains === '' ? (
            <EmptyState title={t('metrics:noMetrics')} body={t('metrics:noMetricsBody')} />
          ) : (
            <>
              <p className="soft small figure" role="status">
                {t('metrics:names', { shown: data.names.length, total: data.total })}
              </p>
              <NameList names={data.names} onUse={onUse} />
            </>
          )
        }
      </RequestView>
    </aside>
  );
}

function NameList({
  names,
  onUse,
}: {
  readonly names: Names['names'];
  readonly onUse: (metric: string) => void;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLUListElement>(null);
  const virtualizer = useVirtualizer({
    count: names.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 40,
    overscan: 8,
    initialRect: { width: 240, height: 480 },
  });
  const items = virtualizer.getVirtualItems();
  return (
    <ul
      className="name-list"
      ref={scroller}
      // What is above and below the screen is space, not list entries that say nothing.
      style={{
        paddingTop: items[0]?.start ?? 0,
        paddingBottom: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
      }}
    >
      {items.map((item) => {
        const entry = names[item.index];
        if (!entry) return null;
        return (
          <li key={entry.name}>
            <button
              type="button"
              className="name-entry"
              title={`${entry.name}\n${entry.help}`}
              onClick={() => onUse(entry.name)}
            >
              <span className="mono ellipsis">{entry.name}</span>
              <span className="soft small ellipsis">
                {t(`metrics:type.${entry.type}`)} · {t('metrics:series', { count: entry.series })}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
