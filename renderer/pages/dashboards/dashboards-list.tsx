import { useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import type { DashboardInput } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { MetricsTabs } from '../metrics/metrics-tabs.tsx';
import { RemovedBoards } from './removed-boards.tsx';
import { ReportsPanel } from './reports/reports-panel.tsx';
import { WallDialog } from './wall/wall-dialog.tsx';

/** Tags of the built-in dashboards, which speak the reader's language; a person's own stand as they were written. */
const BUILT_IN_TAGS = ['application', 'balancer', 'console', 'database', 'host', 'site', 'tier'] as const;

function tagWord(t: Translate, tag: string): string {
  const known = BUILT_IN_TAGS.find((one) => one === tag);
  return known === undefined ? tag : t(`dashboards:tag.${known}`);
}

/** Dashboards that have all of some tags. */
function withTags(
  dashboards: readonly DashboardSummary[],
  tags: readonly string[],
): readonly DashboardSummary[] {
  return dashboards.filter((dashboard) => tags.every((tag) => dashboard.tags.includes(tag)));
}

/** All dashboards: the built-in ones first, then the site's own. */
export function DashboardsList() {
  const { t } = useTranslation();
  const request = useRequest('dashboards.list', {});
  const { reload } = request;
  useEvent('dashboards.changed', reload);
  const navigate = useNavigate();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const [wall, setWall] = useState(false);
  const add = async (): Promise<void> => {
    const uid = `board-${Date.now().toString(36)}`;
    const answer = await call('dashboards.save', {
      dashboard: emptyDashboard(uid, t('dashboards:list.newTitle')),
      base: 0,
      message: '',
    });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) void navigate(`/metrics/dashboards/${uid}?edit=1`);
  };
  return (
    <div className="page">
      <PageHeader
        title={t('dashboards:list.title')}
        summary={request.data && t('dashboards:list.count', { count: request.data.dashboards.length })}
        actions={
          <>
            <Button onClick={() => setWall(true)}>{t('dashboards:wall.open')}</Button>
            <PageLink className="btn" to="/metrics/dashboards/import">
              {t('dashboards:import.open')}
            </PageLink>
            <Button kind="primary" onClick={() => void add()}>
              {t('dashboards:list.add')}
            </Button>
          </>
        }
      />
      <MetricsTabs />
      {error && <ErrorNotice error={error} />}
      <RequestView request={request} rows={8}>
        {({ dashboards }) => <Boards dashboards={dashboards} onError={setError} />}
      </RequestView>
      <RemovedBoards onRestored={reload} />
      <ReportsPanel dashboards={request.data?.dashboards ?? []} />
      {wall && <WallDialog dashboards={request.data?.dashboards ?? []} onClose={() => setWall(false)} />}
    </div>
  );
}

/** A dashboard with nothing in it, as it is saved before somebody fills it. */
function emptyDashboard(uid: string, title: string): DashboardInput {
  return { format: 'hmtt-dashboard', version: 1, uid, title, rows: [{}] };
}

type BoardsProps = {
  readonly dashboards: readonly DashboardSummary[];
  readonly onError: (error: AppError | null) => void;
};

function Boards({ dashboards, onError }: BoardsProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [params, setParams] = useSearchParams();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const chosen = params.getAll('tag');
  const tags = useMemo(() => [...new Set(dashboards.flatMap((one) => one.tags))].sort(), [dashboards]);
  const toggle = (tag: string): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      next.delete('tag');
      const left = chosen.filter((one) => one !== tag);
      for (const one of chosen.includes(tag) ? left : [...chosen, tag]) next.append('tag', one);
      return next;
    });
  const copy = async (uid: string): Promise<void> => {
    const answer = await call('dashboards.copy', { uid });
    onError(answer.ok ? null : answer.error);
    if (answer.ok) void navigate(`/metrics/dashboards/${answer.value.uid}?edit=1`);
  };
  const remove = async (uid: string): Promise<void> => {
    const answer = await call('dashboards.remove', { uid });
    onError(answer.ok ? null : answer.error);
  };
  const address = ({ uid }: DashboardSummary): string => `/metrics/dashboards/${encodeURIComponent(uid)}`;
  const columns: readonly Column<DashboardSummary>[] = [
    {
      id: 'title',
      title: t('dashboards:list.name'),
      width: 240,
      text: ({ title }) => localize(title, language),
      render: (one) => <PageLink to={address(one)}>{localize(one.title, language)}</PageLink>,
      sortBy: ({ title }) => localize(title, language),
    },
    {
      id: 'description',
      title: t('dashboards:option.description'),
      width: 300,
      text: ({ description }) => localize(description, language),
      render: ({ description }) => (
        <span title={localize(description, language)}>{localize(description, language)}</span>
      ),
    },
    {
      id: 'kind',
      title: t('dashboards:list.kind'),
      width: 90,
      text: ({ builtIn }) => t(builtIn ? 'dashboards:list.builtIn' : 'dashboards:list.own'),
      sortBy: ({ builtIn }) => (builtIn ? 0 : 1),
    },
    {
      id: 'tags',
      title: t('dashboards:settings.tags'),
      width: 140,
      text: (one) => one.tags.map((tag) => tagWord(t, tag)).join(', '),
    },
    {
      id: 'panels',
      title: t('dashboards:list.panels'),
      width: 70,
      align: 'right',
      text: ({ panels }) => String(panels),
      sortBy: ({ panels }) => panels,
    },
    {
      id: 'saved',
      title: t('dashboards:list.saved'),
      width: 150,
      text: ({ savedAt }) => (savedAt === null ? '—' : absoluteText(savedAt)),
      sortBy: ({ savedAt }) => savedAt ?? 0,
    },
    {
      id: 'actions',
      title: t('dashboards:list.actions'),
      width: 140,
      text: () => '',
      render: (one) => (
        <span className="row nowrap">
          <Button kind="quiet" onClick={() => void copy(one.uid)}>
            {t('dashboards:board.copy')}
          </Button>
          {!one.builtIn && (
            <Button kind="quiet" onClick={() => void remove(one.uid)}>
              {t('dashboards:list.remove')}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      id="dashboards"
      label={t('dashboards:list.title')}
      columns={columns}
      rows={withTags(dashboards, chosen)}
      total={dashboards.length}
      rowKey={({ uid }) => uid}
      onOpen={(one) => void navigate(address(one))}
      empty={<EmptyState title={t('dashboards:list.none')} body={t('dashboards:list.noneBody')} />}
      toolbar={
        tags.length > 0 && (
          <fieldset className="row tags" aria-label={t('dashboards:settings.tags')}>
            {tags.map((tag) => (
              <Button
                key={tag}
                className="toggle"
                aria-pressed={chosen.includes(tag)}
                onClick={() => toggle(tag)}
              >
                {tagWord(t, tag)}
              </Button>
            ))}
          </fieldset>
        )
      }
    />
  );
}
