import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { Matcher } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { KeyHint } from '../../../components/key-hint.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AcknowledgeDialog } from '../ack/acknowledge-dialog.tsx';
import type { AlertsTabProps } from '../alerts-tabs.ts';
import { SilenceDialog } from '../silences/silence-dialog.tsx';
import { matchersOfLabels } from '../silences/silence-draft.ts';
import { usePendingAlerts } from '../use-alerts.ts';
import { FilterBar } from './filter-bar.tsx';
import { FiringList } from './firing-list.tsx';
import { arrange, hostsOf, parseFilters, passes, writeFilters } from './firing-model.ts';
import { type FiringRow, firingRows, type Toggled, viewsOf } from './firing-rows.ts';
import { useHeldList } from './held-list.ts';

/** What floats above the list. */
type Doing =
  | { readonly kind: 'acknowledge'; readonly views: readonly AlertView[] }
  | { readonly kind: 'silence'; readonly matchers: readonly Matcher[] };

/** What is wrong now: causes, what stands behind them, who is on it. */
export function FiringTab({ alerts }: AlertsTabProps) {
  return (
    <RequestView request={alerts} rows={8}>
      {(data) => <Firing views={data.alerts} onChanged={alerts.reload} />}
    </RequestView>
  );
}

const keyOf = ({ problem }: AlertView): string => problem.id;

function Firing({
  views,
  onChanged,
}: {
  readonly views: readonly AlertView[];
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [toggled, setToggled] = useState<Toggled>(() => new Set());
  const [doing, setDoing] = useState<Doing | null>(null);
  const pending = usePendingAlerts();
  const list = useHeldList(views, keyOf);
  const search = params.toString();
  const filters = useMemo(() => parseFilters(new URLSearchParams(search)), [search]);
  const narrowed = list.items.filter((view) => passes(view, filters));
  const rows = firingRows(arrange(narrowed), pending, toggled);

  const toggle = (row: FiringRow): void =>
    setToggled((old) => {
      const next = new Set(old);
      if (!next.delete(row.key)) next.add(row.key);
      return next;
    });
  const acknowledge = (row: FiringRow): void => {
    const its = viewsOf(row).filter((view) => !list.ended.has(keyOf(view)));
    if (its.length > 0) setDoing({ kind: 'acknowledge', views: its });
  };
  const silence = (row: FiringRow): void => {
    if (row.kind === 'alert') setDoing({ kind: 'silence', matchers: matchersOfLabels(row.view.labels) });
    if (row.kind === 'group') setDoing({ kind: 'silence', matchers: matchersOfLabels(row.group.labels) });
  };
  const done = (): void => {
    setDoing(null);
    list.release();
    onChanged();
  };
  return (
    <>
      {views.length === 0 ? (
        <AllNormal />
      ) : (
        <div className="row">
          <FilterBar
            filters={filters}
            hosts={hostsOf(views)}
            onChange={(next) => setParams((old) => writeFilters(old, next), { replace: true })}
          />
          <span className="spacer" />
          <span className="soft figure" role="status">
            {t('common:table.shown', { shown: narrowed.length, total: views.length })}
          </span>
          <span className="soft small key-line">
            <KeyHint keys="A" /> {t('alerts:ack.do')} <KeyHint keys="S" /> {t('alerts:silence.do')}{' '}
            <KeyHint keys="?" /> {t('alerts:keys.all')}
          </span>
        </div>
      )}
      {list.waiting > 0 && (
        <Button className="firing-waiting" onClick={list.release}>
          {t('alerts:firing.waiting', { count: list.waiting })}
        </Button>
      )}
      {views.length > 0 && narrowed.length === 0 && (
        <EmptyState
          title={t('alerts:noneFiltered')}
          action={
            <Button
              onClick={() =>
                setParams((old) => writeFilters(old, { severity: null, host: '', labels: '' }), {
                  replace: true,
                })
              }
            >
              {t('alerts:filter.clear')}
            </Button>
          }
        />
      )}
      {rows.length > 0 && (
        <FiringList
          rows={rows}
          ended={list.ended}
          handlers={list.handlers}
          actions={{ onToggle: toggle, onAcknowledge: acknowledge, onSilence: silence }}
        />
      )}
      {doing?.kind === 'acknowledge' && (
        <AcknowledgeDialog views={doing.views} onClose={() => setDoing(null)} onDone={done} />
      )}
      {doing?.kind === 'silence' && (
        <SilenceDialog matchers={doing.matchers} onClose={() => setDoing(null)} onDone={done} />
      )}
    </>
  );
}

/** Nothing is wrong: what was looked at, and when. */
function AllNormal() {
  const { t } = useTranslation();
  const overview = useRequest('site.overview', {}, { refreshMs: 30_000 });
  const known = overview.data;
  useEvent('alerts.changed', overview.reload);
  if (known === null) return overview.error ? <ErrorNotice error={overview.error} /> : null;
  if (known.checkedAt === null)
    return (
      <p className="soft" data-testid="first-look">
        {t('overview:firstLook')}
      </p>
    );
  return (
    <p className="calm" data-testid="all-normal">
      <StateShape state="ok" size={16} />
      <strong>{t('overview:allNormal')}</strong>
      <span className="soft">
        {t('overview:checked', {
          hosts: known.checked.hosts,
          targets: known.checked.targets,
          sources: known.checked.logSources,
          plans: known.checked.plans,
        })}
        {' · '}
        {t('overview:checkedAt')} <AbsoluteTime time={known.checkedAt} />
      </span>
    </p>
  );
}
