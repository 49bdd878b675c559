import type { Problem } from '#shared/contract/site.ts';
import type { PageModule } from '../../app/page-module.ts';
import { RequestView } from '../../components/request-view.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { FirstRunOffer } from '../../wizards/first-run/first-run-offer.tsx';
import { Confidence } from './confidence.tsx';
import { FleetBoard } from './fleet-board.tsx';
import { LogErrors } from './log-errors.tsx';
import { Problems } from './problems.tsx';
import { TierStrip } from './tier-strip.tsx';
import { WorkstationTiles } from './workstation-tiles.tsx';

const REFRESH_MS = 15_000;
const NO_PROBLEMS: readonly Problem[] = [];

function OverviewPage() {
  const { t } = useTranslation();
  const overview = useRequest('site.overview', {}, { refreshMs: REFRESH_MS, primed: true });
  const hosts = useRequest('hosts.list', {}, { refreshMs: REFRESH_MS, primed: true });
  useEvent('alerts.changed', overview.reload);
  useEvent('backup.changed', overview.reload);
  useEvent('hosts.changed', hosts.reload);
  return (
    <div className="page overview">
      <h1 className="visually-hidden">{t('common:nav.overview')}</h1>
      <RequestView request={overview} rows={2}>
        {(data) => <Problems overview={data} />}
      </RequestView>
      <FirstRunOffer />
      <WorkstationTiles />
      <RequestView request={hosts}>{(data) => <TierStrip hosts={data.hosts} />}</RequestView>
      <div className="overview-columns">
        <RequestView request={hosts}>
          {(data) => <FleetBoard hosts={data.hosts} problems={overview.data?.problems ?? NO_PROBLEMS} />}
        </RequestView>
        {overview.data !== null && (
          <div className="stack">
            <Confidence overview={overview.data} />
            <LogErrors overview={overview.data} />
          </div>
        )}
      </div>
    </div>
  );
}

/** First glance: is anything wrong, what next, can everything be had back. */
export const overviewPage: PageModule = { id: 'overview', Component: OverviewPage, keys: [] };
