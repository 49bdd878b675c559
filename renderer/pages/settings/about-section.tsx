import { Fragment, useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Environment } from '#shared/contract/shell.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { shell } from '../../app/shell.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { copyText, saveText } from '../../components/save-text.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { useJobs } from '../../stores/jobs.ts';
import { useSite } from '../../stores/site.ts';

/** The desktop's facts, or null until they are known or when there is no desktop. */
export function useEnvironment(): Environment | null {
  const [environment, setEnvironment] = useState<Environment | null>(null);
  useEffect(() => {
    void shell()
      ?.getEnvironment()
      .then((result) => {
        if (result.ok) setEnvironment(result.value);
      });
  }, []);
  return environment;
}

/** Versions and processes, as a support request needs them. */
export function AboutSection() {
  const { t } = useTranslation();
  const status = useSite((state) => state.status);
  const environment = useEnvironment();
  const facts: (readonly [string, string])[] = [];
  if (environment) {
    const { versions } = environment;
    facts.push([t('settings:about.version'), versions.app]);
    facts.push([
      t('settings:about.runtime'),
      `Electron ${versions.electron} · Chromium ${versions.chrome} · Node.js ${versions.node}`,
    ]);
    facts.push([t('settings:about.platform'), environment.platform]);
  }
  if (status) {
    const { engine } = status;
    facts.push([
      t('settings:about.engine'),
      t('settings:about.engineValue', {
        version: engine.version,
        pid: engine.pid,
        since: absoluteText(engine.startedAt),
      }),
    ]);
    facts.push([
      t('settings:about.engineUse'),
      t('settings:about.engineUseValue', {
        cpu: engine.cpuSeconds.toFixed(1),
        rss: formatBytes(engine.rssBytes),
      }),
    ]);
  }
  return (
    <div className="stack">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="figure">{value}</dd>
          </Fragment>
        ))}
      </dl>
      {environment?.isDevRuntime && <StateBadge state="warning" word={t('settings:about.devRuntime')} />}
      <p className="soft">{t('settings:about.offline')}</p>
      <div className="row">
        <Button onClick={() => void copyText(facts.map(([name, value]) => `${name}: ${value}`).join('\n'))}>
          {t('settings:about.copy')}
        </Button>
        <Diagnostics environment={environment} />
        <Link className="btn" to="/settings/first-run">
          {t('settings:about.firstRun')}
        </Link>
      </div>
      <p className="soft small">{t('settings:about.diagnosticsBody')}</p>
    </div>
  );
}

/** Saves what a support request needs as one file: versions, figures of the engine, problems and jobs of now. */
function Diagnostics({ environment }: { readonly environment: Environment | null }) {
  const { t } = useTranslation();
  const [error, setError] = useState<AppError | null>(null);
  const save = async (): Promise<void> => {
    const takenAt = new Date();
    const { status, problems } = useSite.getState();
    const { jobs } = useJobs.getState();
    const answer = await saveText(
      `hmtt-diagnostics-${takenAt.toISOString().slice(0, 10)}.json`,
      `${JSON.stringify({ takenAt: takenAt.toISOString(), environment, status, problems, jobs }, null, 2)}\n`,
    );
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <Button onClick={() => void save()}>{t('settings:about.diagnostics')}</Button>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
