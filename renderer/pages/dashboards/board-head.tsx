import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { Dashboard } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { AppError } from '#shared/errors/index.ts';
import type { ChartTime } from '../../charts/use-chart-actions.ts';
import { ZoomSteps } from '../../charts/zoom-steps.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Icon } from '../../components/icon.tsx';
import { Menu } from '../../components/menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink, withRange } from '../../components/page-link.tsx';
import { useCall } from '../../components/use-request.ts';
import { useRangeSearch } from '../../components/use-time-range.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PanelLinks } from '../../panels/panel-links.tsx';
import { BoardMarks } from './board-marks.tsx';
import { BoardPrint } from './board-print.tsx';
import { EditTools } from './edit/edit-tools.tsx';
import { ExportDrawer } from './edit/export-drawer.tsx';
import { VersionsDrawer } from './edit/versions-drawer.tsx';
import type { BoardParams } from './use-board-params.ts';
import type { Draft } from './use-draft.ts';
import type { LeaveGuard } from './use-leave-guard.tsx';

export type BoardHeadProps = {
  readonly found: RequestOutput<'dashboards.get'>;
  /** What is shown: the saved one, or the draft. */
  readonly dashboard: Dashboard;
  readonly draft: Draft;
  readonly params: BoardParams;
  readonly chartTime: ChartTime;
  readonly held: boolean;
  readonly guard: LeaveGuard;
  readonly onReload: () => void;
};

/** A dashboard's name, where its time can be moved, and what can be done with it. */
export function BoardHead(props: BoardHeadProps) {
  const { found, dashboard, draft, params, chartTime, held, guard, onReload } = props;
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const range = useRangeSearch();
  const [open, setOpen] = useState<'versions' | 'export' | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const { summary } = found;
  const { uid } = summary;
  const copy = async (): Promise<void> => {
    const answer = await call('dashboards.copy', { uid });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) void navigate(withRange(`/metrics/dashboards/${answer.value.uid}?edit=1`, range));
  };
  const back = (
    <PageLink to="/metrics/dashboards" className="soft">
      {t('dashboards:list.title')}
    </PageLink>
  );
  const description = localize(dashboard.description, language);
  return (
    <>
      <PageHeader
        title={
          <>
            <span className="board-path">{back} / </span>
            {localize(dashboard.title, language)}
          </>
        }
        summary={
          params.version !== null ? (
            <span className="row">
              {t('dashboards:versions.looking', { n: params.version })}
              <Button kind="quiet" onClick={() => params.setVersion(null)}>
                {t('dashboards:versions.toNewest')}
              </Button>
            </span>
          ) : (
            description !== '' && <span className="board-about">{description}</span>
          )
        }
        actions={
          params.editing ? (
            <EditTools
              draft={draft}
              params={params}
              version={summary.version}
              onSaved={() => {
                guard.allow();
                params.setEditing(false);
                onReload();
              }}
            />
          ) : (
            <>
              <span className="soft small held" role="status">
                {held && t('metrics:held')}
              </span>
              <ZoomSteps chartTime={chartTime} />
              <BoardMarks annotations={dashboard.annotations} params={params} />
              <Button onClick={() => void navigate(`/wall/${encodeURIComponent(uid)}${location.search}`)}>
                {t('dashboards:wall.open')}
              </Button>
              {summary.builtIn ? (
                <Button onClick={() => void copy()} title={t('dashboards:board.builtInHint')}>
                  {t('dashboards:board.copyAndEdit')}
                </Button>
              ) : (
                <Button onClick={() => params.setEditing(true)} aria-keyshortcuts="e">
                  {t('dashboards:board.edit')}
                </Button>
              )}
              <Menu label={t('dashboards:board.more')} face={<Icon name="tune" size={14} />} className="btn">
                {!summary.builtIn && (
                  <button type="button" onClick={() => setOpen('versions')}>
                    {t('dashboards:versions.title')}
                  </button>
                )}
                <button type="button" onClick={() => setOpen('export')}>
                  {t('dashboards:export.title')}
                </button>
                {!summary.builtIn && (
                  <button type="button" onClick={() => void copy()}>
                    {t('dashboards:board.copy')}
                  </button>
                )}
                <BoardPrint uid={uid} version={params.version} params={params} onError={setError} />
                <PanelLinks links={dashboard.links} fill={(text) => text} />
              </Menu>
            </>
          )
        }
      />
      {error && <ErrorNotice error={error} />}
      {open === 'versions' && (
        <VersionsDrawer
          uid={uid}
          current={params.version ?? summary.version}
          onClose={() => setOpen(null)}
          onLook={(version) => {
            setOpen(null);
            params.setVersion(version);
          }}
          onRestored={() => {
            setOpen(null);
            params.setVersion(null);
            onReload();
          }}
        />
      )}
      {open === 'export' && <ExportDrawer uid={uid} onClose={() => setOpen(null)} />}
    </>
  );
}
