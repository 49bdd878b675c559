import { useId, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useEnvironment } from '../../pages/settings/about-section.tsx';
import { SiteForm } from '../../pages/settings/site-form.tsx';
import { settleFirstRun } from './first-run-store.ts';

const steps = ['site', 'watched', 'done'] as const;

/** Site name → what is watched → done. Short on purpose: the console already watches this workstation. */
export function FirstRunWizard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const environment = useEnvironment();
  // The step is in the address, so that Back leads from "Add host" to where it was left.
  const [params, setParams] = useSearchParams();
  const step = steps.find((id) => id === params.get('step')) ?? 'site';
  const current = steps.indexOf(step);
  const setCurrent = (index: number): void =>
    setParams(new URLSearchParams({ step: steps[index] ?? 'site' }));
  const form = useId();
  const [siteName, setSiteName] = useState('');
  const settings = useRequest('site.settings.get', {});
  const finish = (): void => {
    settleFirstRun('done');
    void navigate('/');
  };
  return (
    <Wizard
      title={t('settings:firstRun.title')}
      steps={steps.map((id) => ({
        id,
        title: t(`settings:firstRun.${id}`),
        chosen: id === 'site' && current > 0 ? siteName || (settings.data?.siteName ?? '') : '',
      }))}
      current={current}
      onJump={setCurrent}
      onBack={current > 0 ? () => setCurrent(current - 1) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/')}
      nextForm={step === 'site' ? form : undefined}
      onNext={step === 'site' ? undefined : step === 'done' ? finish : () => setCurrent(2)}
      nextLabel={t(step === 'done' ? 'settings:firstRun.toOverview' : 'common:action.next')}
    >
      {step === 'site' && (
        <>
          <p>{t('settings:firstRun.siteIntro')}</p>
          <RequestView request={settings}>
            {(data) => (
              <SiteForm
                initial={data}
                id={form}
                saveLabel={null}
                onSaved={(saved) => {
                  setSiteName(saved.siteName);
                  setCurrent(1);
                }}
              />
            )}
          </RequestView>
        </>
      )}
      {step === 'watched' && <Watched />}
      {step === 'done' && (
        <>
          <p className="sentence">
            {t(
              environment?.hasTray === false ? 'settings:firstRun.doneNoTray' : 'settings:firstRun.doneBody',
              {
                name: siteName || settings.data?.siteName || '',
              },
            )}
          </p>
          <StillMissing />
        </>
      )}
    </Wizard>
  );
}

/** What the console watches already, and the ways to more. */
function Watched() {
  const { t } = useTranslation();
  const overview = useRequest('site.overview', {});
  return (
    <>
      <p>{t('settings:firstRun.watchedIntro')}</p>
      {overview.data && (
        <p className="figure">
          {t('settings:firstRun.watchedNow', {
            hosts: overview.data.checked.hosts,
            targets: overview.data.checked.targets,
            sources: overview.data.checked.logSources,
            plans: overview.data.checked.plans,
          })}
        </p>
      )}
      <div className="row">
        <Link className="btn" to="/hosts/add">
          {t('settings:firstRun.addHost')}
        </Link>
        <Link className="btn" to="/hosts/import">
          {t('settings:firstRun.importFile')}
        </Link>
        <Link className="btn" to="/logs/sources/add">
          {t('settings:firstRun.addLogs')}
        </Link>
        <Link className="btn" to="/backups/plans/new">
          {t('settings:firstRun.addPlan')}
        </Link>
      </div>
    </>
  );
}

/** What a site that is only watched by its own workstation cannot answer yet, each with the way to mend it. */
function StillMissing() {
  const { t } = useTranslation();
  const checked = useRequest('site.overview', {}).data?.checked;
  if (checked === undefined) return null;
  const gaps = [
    { id: 'noHosts', to: '/hosts/add', action: 'addHost', open: checked.hosts <= 1 },
    { id: 'noLogs', to: '/logs/sources/add', action: 'addLogs', open: checked.logSources === 0 },
    { id: 'noPlans', to: '/backups/plans/new', action: 'addPlan', open: checked.plans === 0 },
  ] as const;
  return (
    <ul className="plain-list stack tight">
      {gaps
        .filter(({ open }) => open)
        .map(({ id, to, action }) => (
          <li key={id} className="row">
            <StateBadge state="unknown" word={t(`settings:firstRun.${id}`)} />
            <Link to={to}>{t(`settings:firstRun.${action}`)}</Link>
          </li>
        ))}
    </ul>
  );
}
