import { Link, useNavigate, useSearchParams } from 'react-router';
import type { RestoreState } from '#shared/contract/restore.ts';
import { Button } from '../../components/button.tsx';
import { PageHeader, Panel } from '../../components/page-header.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { relativeText } from '../../components/time.ts';
import { useNow } from '../../components/use-now.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { discardRestoreDraft, useRestoreDraft } from '../../stores/restore-draft.ts';
import { useSite } from '../../stores/site.ts';
import { NoPoints } from '../backups/no-points.tsx';
import { RebuildJobs } from '../backups/rebuild-dialog.tsx';
import { DrillsTab } from './disaster/drills-tab.tsx';
import { EnvironmentTab } from './disaster/environment-tab.tsx';
import { ObjectivesTab } from './disaster/objectives-tab.tsx';
import { RecordsPanel } from './disaster/records-panel.tsx';
import { RisksTab } from './disaster/risks-tab.tsx';
import { RunbooksTab } from './disaster/runbooks-tab.tsx';
import { PastRestores } from './past-restores.tsx';
import { isOfDrill, isPast, isUnfinished } from './sorting.ts';
import { Unfinished } from './unfinished.tsx';

/** The two ways back, what was left half-way, and the evidence of what was done. */
export function RecoveryPage() {
  const { t } = useTranslation();
  const request = useRequest('restore.list', {}, { refreshMs: 10_000 });
  useEvent('restore.changed', request.reload);
  const now = useNow(60_000);
  const [params] = useSearchParams();
  const tab = recoveryTabs.find((known) => known === params.get('tab')) ?? 'evidence';
  return (
    <div className="page stack">
      <PageHeader title={t('recovery:title')} summary={<Confidence />} />
      <Entrances />
      <HalfWay />
      {request.data && (
        <UnfinishedPanel
          restores={request.data.restores.filter(
            (restore) => isUnfinished(restore, now) && !isOfDrill(restore),
          )}
        />
      )}
      <RecoveryTabs tab={tab} />
      {tab === 'evidence' && (
        <>
          <RequestView request={request} rows={4}>
            {({ restores }) => (
              <Panel title={t('recovery:past.title')}>
                <PastRestores restores={restores.filter(isPast)} />
              </Panel>
            )}
          </RequestView>
          <RecordsPanel />
        </>
      )}
      {tab === 'objectives' && <ObjectivesTab />}
      {tab === 'drills' && <DrillsTab />}
      {tab === 'runbooks' && <RunbooksTab />}
      {tab === 'risks' && <RisksTab />}
      {tab === 'environment' && <EnvironmentTab />}
    </div>
  );
}

const recoveryTabs = ['evidence', 'objectives', 'drills', 'runbooks', 'risks', 'environment'] as const;

/** The sides of recovery; each has an address of its own. */
function RecoveryTabs({ tab }: { readonly tab: (typeof recoveryTabs)[number] }) {
  const { t } = useTranslation();
  return (
    <nav className="tabs" aria-label={t('recovery:disaster.tabs.label')}>
      {recoveryTabs.map((name) => (
        <Link
          key={name}
          className="tab"
          to={name === 'evidence' ? '/recovery' : `/recovery?tab=${name}`}
          aria-current={name === tab ? 'page' : undefined}
        >
          {t(`recovery:disaster.tabs.${name}`)}
        </Link>
      ))}
    </nav>
  );
}

/** Can everything be got back? The newest verified point answers. */
function Confidence() {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const status = useSite((state) => state.status);
  if (status === null) return null;
  const point = status.lastVerifiedPoint;
  return point === null ? (
    <StateBadge state="warning" word={t('recovery:entrance.confidenceNone')} />
  ) : (
    <StateBadge
      state="ok"
      word={t('recovery:entrance.confidence', { plan: point.plan, age: relativeText(t, point.at, now) })}
    />
  );
}

function Entrances() {
  const { t } = useTranslation();
  const request = useRequest('backup.points.list', {});
  useEvent('backup.changed', request.reload);
  const none = request.data !== null && request.data.points.length === 0;
  return (
    <>
      <nav className="entrances" aria-label={t('recovery:entrance.label')}>
        <Link className="entrance" to="/recovery/restore?kind=files">
          <strong>{t('recovery:entrance.files')}</strong>
          <span>{t('recovery:entrance.filesBody')}</span>
        </Link>
        <Link className="entrance" to="/recovery/restore?kind=system">
          <strong>{t('recovery:entrance.system')}</strong>
          <span>{t('recovery:entrance.systemBody')}</span>
        </Link>
      </nav>
      <RebuildJobs onEnded={request.reload} />
      {none && <NoPoints />}
    </>
  );
}

/** A wizard that was left before its restore began. */
function HalfWay() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const now = useNow(30_000);
  const savedAt = useRestoreDraft((state) => state.savedAt);
  const step = useRestoreDraft((state) => state.wizard.step.name);
  if (savedAt === null) return null;
  return (
    <div className="notice" data-testid="half-way">
      <div className="notice-body">
        <strong>{t('recovery:draft.title')}</strong>
        <div>
          {t('recovery:draft.body', {
            step: t(`recovery:wizard.step.${step}`),
            age: relativeText(t, savedAt, now),
          })}
        </div>
      </div>
      <Button kind="primary" onClick={() => void navigate('/recovery/restore')}>
        {t('recovery:draft.resume')}
      </Button>
      <Button onClick={discardRestoreDraft}>{t('recovery:draft.discard')}</Button>
    </div>
  );
}

function UnfinishedPanel({ restores }: { readonly restores: readonly RestoreState[] }) {
  const { t } = useTranslation();
  if (restores.length === 0) return null;
  return (
    <Panel title={t('recovery:unfinished.title')}>
      {restores.map((restore) => (
        <Unfinished key={restore.id} restore={restore} />
      ))}
    </Panel>
  );
}
