import type { RunStep, RunSteps } from '#shared/contract/backup-sources.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Duration } from '../../components/figures.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const shapes: Readonly<Record<RunStep['state'], StateName>> = {
  due: 'unknown',
  running: 'info',
  done: 'ok',
  failed: 'critical',
  interrupted: 'warning',
};

/** What a run did besides reading files: commands, the service that stood still, databases, hosts. Nothing when it did no such thing. */
export function RunStepsView({ steps: { steps, downtimeMs } }: { readonly steps: RunSteps }) {
  const { t } = useTranslation();
  if (steps.length === 0) return null;
  const stopped = steps.some(({ kind }) => kind === 'start');
  return (
    <section className="stack-small" aria-label={t('sources:steps.title')}>
      <h3>{t('sources:steps.title')}</h3>
      {stopped && (
        <div>
          {t('sources:steps.downtime')}{' '}
          {downtimeMs === null ? (
            <StateBadge state="critical" word={t('sources:steps.notBack')} />
          ) : (
            <Duration ms={downtimeMs} />
          )}
        </div>
      )}
      <ol className="stack-small">
        {steps.map((step) => (
          <li key={`${step.kind} ${step.what}`}>
            <Step step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { readonly step: RunStep }) {
  const { t } = useTranslation();
  const text = useText();
  const { startedAt, finishedAt, exitCode, database, remote } = step;
  const facts = [
    startedAt === null ? '' : absoluteText(startedAt),
    startedAt === null || finishedAt === null ? '' : durationText(t, finishedAt - startedAt),
    exitCode === null ? '' : `${t('sources:steps.code')} ${exitCode}`,
    step.caughtUp ? t('sources:steps.caughtUp') : '',
    database === null
      ? ''
      : t('sources:steps.databaseDone', {
          count: database.count,
          bytes: formatBytes(database.bytes),
          server: database.server,
        }),
    remote === null
      ? ''
      : t('sources:steps.remoteDone', {
          files: remote.files,
          bytes: formatBytes(remote.bytes),
          fetched: remote.fetchedFiles,
          fetchedBytes: formatBytes(remote.fetchedBytes),
        }),
  ];
  return (
    <>
      <div className="row">
        <StateBadge state={shapes[step.state]} word={t(`sources:steps.state.${step.state}`)} />
        <span>{t(`sources:steps.kind.${step.kind}`)}</span>
        <span className="mono" data-verbatim>
          {step.what}
        </span>
      </div>
      <div className="soft small">{facts.filter((fact) => fact !== '').join(' · ')}</div>
      {step.error && <div className="state-critical small">{text(step.error.message)}</div>}
      {(database ?? remote)?.notes.map((note) => (
        <StateBadge key={note.en} state="warning" word={text(note)} />
      ))}
      {step.output !== '' && (
        <details className="small">
          <summary>{t('sources:steps.output')}</summary>
          <pre className="mono" data-verbatim>
            {step.output}
          </pre>
        </details>
      )}
    </>
  );
}

/** The steps of a run that made no point, from the record of the plan's runs. */
export function StepsOfRun({ plan, pointId }: { readonly plan: string; readonly pointId: string }) {
  const { data } = useRequest('backup.steps', { plan, limit: 200 });
  const run = data?.runs.find((one) => one.pointId === pointId);
  return run === undefined ? null : <RunStepsView steps={run} />;
}
