import { useEffect } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { rangeNames, rangeParams } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { BoardPage } from './board-page.tsx';
import { useBoardParams } from './use-board-params.ts';

/** One dashboard by its address `/metrics/dashboards/UID`. */
export function DashboardPage() {
  const { t } = useTranslation();
  const { uid = '' } = useParams();
  const { version } = useBoardParams();
  const request = useRequest(
    'dashboards.get',
    { uid, ...(version === null ? {} : { version }) },
    { subject: `${uid} ${version ?? ''}` },
  );
  const { reload } = request;
  useEvent('dashboards.changed', (changed) => {
    if (changed.uid === uid && changed.version !== null) reload();
  });
  useOwnRange(request.data?.dashboard.time.from);
  if (request.error?.code === 'NOT_FOUND')
    return (
      <div className="page">
        <PageHeader title={t('dashboards:list.title')} />
        <ErrorNotice error={request.error} />
        <PageLink to="/metrics/dashboards">{t('dashboards:list.back')}</PageLink>
      </div>
    );
  return (
    <RequestView request={request} rows={10}>
      {(found) => <BoardPage key={uid} found={found} onReload={reload} />}
    </RequestView>
  );
}

/** Gives an address that says no range the one that the dashboard is made for, when the console has it by name. */
function useOwnRange(from: string | undefined): void {
  const [params, setParams] = useSearchParams();
  const silent = rangeParams.every((key) => !params.has(key));
  const own = rangeNames.find((name) => from === `now-${name}`);
  useEffect(() => {
    if (!silent || own === undefined) return;
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        next.set('range', own);
        return next;
      },
      { replace: true },
    );
  }, [silent, own, setParams]);
}
