import type { TrainingIncident, TrainingStatus } from '#shared/contract/training.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RelativeTime } from '../../../components/figures.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LessonPanel } from './lesson-panel.tsx';

/** Lessons with the operator's progress, the incidents, and the machines. */
export function TrainingPage() {
  const { t } = useTranslation();
  const call = useCall();
  const status = useRequest('training.status', {}, { refreshMs: 3_000 });
  useEvent('training.changed', status.reload);
  const begin = async (id: TrainingIncident['id'], active: boolean): Promise<void> => {
    await call('training.incident', { id, active });
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
          })}`
        }
      />
      <RequestView request={status} rows={8}>
        {(data) =>
          data.isTraining ? (
            <>
              {data.lessons.map((lesson) => (
                <LessonPanel
                  key={lesson.id}
                  lesson={lesson}
                  onStart={(id) => void begin(id, true)}
                  onAnswered={status.reload}
                />
              ))}
              <Incidents incidents={data.incidents} onBegin={(id, active) => void begin(id, active)} />
              <Machines nodes={data.nodes} />
            </>
          ) : (
            <EmptyState title={t('training:title')} body={t('training:noDesktop')} />
          )
        }
      </RequestView>
    </div>
  );
}

function Incidents({
  incidents,
  onBegin,
}: {
  readonly incidents: readonly TrainingIncident[];
  readonly onBegin: (id: TrainingIncident['id'], active: boolean) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <Panel title={t('training:incidents')}>
      <table className="plain-table wide" data-testid="incidents">
        <tbody>
          {incidents.map(({ id, title, hint, node, since }) => (
            <tr key={id}>
              <th scope="row">
                {text(title)} <span className="mono small">{node}</span>
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
                <Button onClick={() => onBegin(id, since === null)}>
                  {t(since === null ? 'training:begin' : 'training:end')}
                </Button>
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
      <table className="plain-table wide">
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
