import { useState } from 'react';
import type { ShownPipeline } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Count } from '../../../components/figures.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LogstashDialog } from './logstash-dialog.tsx';
import { PipelineDialog } from './pipeline-dialog.tsx';
import { withMovedStep } from './step-draft.ts';
import { stepWords } from './step-words.ts';

type Task = { readonly what: 'new' | 'import' } | { readonly what: 'edit'; readonly pipeline: ShownPipeline };

/** Every pipeline in the order in which they run, with what its filters did. */
export function PipelinesView() {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('logs.pipelines.list', {}, { refreshMs: 15_000 });
  useEvent('logs.pipelines.changed', request.reload);
  const [task, setTask] = useState<Task | null>(null);
  const ordering = useSaving(request.reload);
  const done = (): void => {
    setTask(null);
    request.reload();
  };
  return (
    <>
      <RequestView request={request}>
        {({ pipelines, streams }) => (
          <>
            <div className="list-line">
              <Button kind="primary" onClick={() => setTask({ what: 'new' })}>
                {t('pipelines:list.new')}
              </Button>
              <Button onClick={() => setTask({ what: 'import' })}>{t('pipelines:logstash.open')}</Button>
              {streams.length > 0 && (
                <span className="soft">
                  {t('pipelines:list.streams', {
                    names: streams.map((name) => name || t('rotation:retention.default')).join(' · '),
                  })}
                </span>
              )}
            </div>
            {ordering.error && <ErrorNotice error={ordering.error} />}
            {pipelines.length === 0 && (
              <EmptyState
                title={t('pipelines:list.none')}
                body={t('pipelines:list.noneBody')}
                action={
                  <Button kind="primary" onClick={() => setTask({ what: 'new' })}>
                    {t('pipelines:list.new')}
                  </Button>
                }
              />
            )}
            <ol className="plain-list pipeline-list">
              {pipelines.map((pipeline, index) => (
                <PipelineCard
                  key={pipeline.id}
                  pipeline={pipeline}
                  place={index}
                  last={index === pipelines.length - 1}
                  onEdit={() => setTask({ what: 'edit', pipeline })}
                  onMove={(by) =>
                    void ordering.run(
                      call('logs.pipelines.order', {
                        ids: withMovedStep(pipelines, index, by).map(({ id }) => id),
                      }),
                    )
                  }
                />
              ))}
            </ol>
          </>
        )}
      </RequestView>
      {(task?.what === 'new' || task?.what === 'edit') && (
        <PipelineDialog
          pipeline={task.what === 'edit' ? task.pipeline : null}
          onClose={() => setTask(null)}
          onDone={done}
        />
      )}
      {task?.what === 'import' && <LogstashDialog onClose={() => setTask(null)} onDone={done} />}
    </>
  );
}

type PipelineCardProps = {
  readonly pipeline: ShownPipeline;
  readonly place: number;
  readonly last: boolean;
  readonly onEdit: () => void;
  readonly onMove: (by: -1 | 1) => void;
};

function PipelineCard({ pipeline, place, last, onEdit, onMove }: PipelineCardProps) {
  const { t } = useTranslation();
  const { name, enabled, sources, streams, counts, error } = pipeline;
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  return (
    <li className="panel" data-testid="pipeline" data-name={name}>
      <div className="panel-head">
        <div className="row">
          <h2>
            {place + 1}. {name}
          </h2>
          <StateBadge
            state={error !== null ? 'critical' : !enabled ? 'not_watched' : failed > 0 ? 'warning' : 'ok'}
            word={t(
              error !== null
                ? 'pipelines:list.state.error'
                : !enabled
                  ? 'pipelines:list.state.off'
                  : failed > 0
                    ? 'pipelines:list.state.failures'
                    : 'pipelines:list.state.on',
            )}
          />
        </div>
        <span className="panel-extra row">
          <Button
            kind="quiet"
            className="icon-btn"
            disabled={place === 0}
            aria-label={`${t('pipelines:edit.up')} ${name}`}
            onClick={() => onMove(-1)}
          >
            <Icon name="up" size={12} />
          </Button>
          <Button
            kind="quiet"
            className="icon-btn"
            disabled={last}
            aria-label={`${t('pipelines:edit.down')} ${name}`}
            onClick={() => onMove(1)}
          >
            <Icon name="down" size={12} />
          </Button>
          <Button onClick={onEdit}>{t('pipelines:list.edit')}</Button>
        </span>
      </div>
      <p className="soft">
        {sources.length === 0
          ? t('pipelines:list.allSources')
          : t('pipelines:list.ofSources', { names: sources.join(' · ') })}
        {streams.length > 0 && ` ${t('pipelines:list.routes', { names: streams.join(' · ') })}`}
      </p>
      {error && <ErrorNotice error={error} still={t('pipelines:edit.still')} />}
      {counts.length > 0 && (
        <table className="plain-table">
          <caption className="visually-hidden">{t('pipelines:list.counts')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('pipelines:list.filter')}</th>
              <th scope="col" className="right">
                {t('pipelines:list.in')}
              </th>
              <th scope="col" className="right">
                {t('pipelines:list.dropped')}
              </th>
              <th scope="col" className="right">
                {t('pipelines:list.failed')}
              </th>
            </tr>
          </thead>
          <tbody>
            {counts.map((count) => (
              <tr key={count.step}>
                <td>
                  {count.step}. {stepWords(t, count.label)}
                </td>
                <td className="right">
                  <Count value={count.in} />
                </td>
                <td className="right">
                  <Count value={count.dropped} />
                </td>
                <td className="right">
                  <Count value={count.failed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}
