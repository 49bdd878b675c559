import { useState } from 'react';
import type { TrainingIncident, TrainingStatus } from '#shared/contract/training.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RelativeTime } from '../../../components/figures.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { EndTraining } from './end-training.tsx';
import { LessonPanel } from './lesson-panel.tsx';
import { TrainingSection } from './training-section.tsx';

/** Lessons with the operator's progress, the incidents, and the machines. */
export function TrainingPage() {
  const { t } = useTranslation();
  const call = useCall();
  const status = useRequest('training.status', {}, { refreshMs: 3_000 });
  useEvent('training.changed', status.reload);
  const [error, setError] = useState<AppError | null>(null);
  const begin = async (id: TrainingIncident['id'], active: boolean): Promise<void> => {
    const answer = await call('training.incident', { id, active });
    setError(answer.ok ? null : answer.error);
    status.reload();
  };
  const steps = status.data?.lessons.flatMap((lesson) => lesson.steps) ?? [];
  return (
    <div className="page">
      <PageHeader
        title={t('training:title')}
        summary={
          status.data?.isTraining === true &&
          `${t('training:here')} ${t('training:progress', {
            done: steps.filter(({ done }) => done).length,
            total: steps.length,
          })}${steps.length > 0 && steps.every(({ done }) => done) ? ` ${t('training:allDoneNext')}` : ''}`
        }
        actions={status.data?.isTraining === true && <EndTraining />}
      />
      <RequestView request={status} rows={8}>
        {(data) =>
          data.isTraining ? (
            <>
              {data.lessons.map((lesson, index) => (
                <LessonPanel key={lesson.id} lesson={lesson} number={index + 1} onDone={status.reload} />
              ))}
              <Incidents
                incidents={data.incidents}
                error={error}
                onBegin={(id, active) => void begin(id, active)}
              />
              <Machines nodes={data.nodes} />
            </>
          ) : (
            <Panel>
              <TrainingSection />
            </Panel>
          )
        }
      </RequestView>
    </div>
  );
}

function Incidents({
  incidents,
  error,
  onBegin,
}: {
  readonly incidents: readonly TrainingIncident[];
  readonly error: AppError | null;
  readonly onBegin: (id: TrainingIncident['id'], active: boolean) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <Panel title={t('training:incidents')}>
      <p className="soft">{t('training:incidentsBody')}</p>
      {error && <ErrorNotice error={error} />}
      <table className="plain-table wide training-table" data-testid="incidents">
        <tbody>
          {incidents.map(({ id, title, hint, link, node, since }) => (
            <tr key={id}>
              <th scope="row">
                <strong>{text(title)}</strong> <span className="mono small">{node}</span>
                <div className="soft small">{text(hint)}</div>
              </th>
              <td>
                <StateBadge
                  state={since === null ? 'unknown' : 'warning'}
                  word={t(since === null ? 'training:off' : 'training:on')}
                />{' '}
                {since !== null && <RelativeTime time={since} />}
              </td>
              <td>
                <div className="row">
                  <Button
                    aria-label={`${t(since === null ? 'training:begin' : 'training:end')} ${text(title)}`}
                    onClick={() => onBegin(id, since === null)}
                  >
                    {t(since === null ? 'training:begin' : 'training:end')}
                  </Button>
                  {since !== null && <PageLink to={link}>{t('training:look')}</PageLink>}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Machines({ nodes }: { readonly nodes: TrainingStatus['nodes'] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('training:machines')}>
      <table className="plain-table wide training-table">
        <thead>
          <tr>
            <th scope="col">{t('training:name')}</th>
            <th scope="col">{t('training:url')}</th>
            <th scope="col">{t('training:log')}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ name, url, log }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="mono small">{url}</td>
              <td className="mono small">{log}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
