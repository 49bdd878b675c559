import { useState } from 'react';
import type { LogOutputState } from '#shared/contract/logs-pipelines.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Count, RelativeTime } from '../../../components/figures.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { OutputDialog } from './output-dialog.tsx';

const shapes: Readonly<Record<LogOutputState['state'], StateName>> = {
  sending: 'ok',
  retrying: 'warning',
  paused: 'not_watched',
  stopped: 'critical',
};

/** Servers that events are sent on to: how far behind each is, and what it refused. */
export function OutputsView() {
  const { t } = useTranslation();
  const request = useRequest('logs.outputs.list', {}, { refreshMs: 5_000 });
  useEvent('logs.pipelines.changed', request.reload);
  const [editing, setEditing] = useState<LogOutputState | 'new' | null>(null);
  const [refused, setRefused] = useState<LogOutputState | null>(null);
  const add = (
    <Button kind="primary" onClick={() => setEditing('new')}>
      {t('pipelines:output.new')}
    </Button>
  );
  return (
    <>
      <RequestView request={request}>
        {({ outputs }) =>
          outputs.length === 0 ? (
            <EmptyState
              title={t('pipelines:output.none')}
              body={t('pipelines:output.noneBody')}
              action={add}
            />
          ) : (
            <>
              <div className="list-line">{add}</div>
              <ul className="plain-list pipeline-list">
                {outputs.map((output) => (
                  <OutputCard
                    key={output.id}
                    output={output}
                    onEdit={() => setEditing(output)}
                    onRefused={() => setRefused(output)}
                    onChanged={request.reload}
                  />
                ))}
              </ul>
            </>
          )
        }
      </RequestView>
      {editing !== null && (
        <OutputDialog
          output={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            request.reload();
          }}
        />
      )}
      {refused && <RefusedDialog output={refused} onClose={() => setRefused(null)} />}
    </>
  );
}

type OutputCardProps = {
  readonly output: LogOutputState;
  readonly onEdit: () => void;
  readonly onRefused: () => void;
  readonly onChanged: () => void;
};

function OutputCard({ output, onEdit, onRefused, onChanged }: OutputCardProps) {
  const { t } = useTranslation();
  const call = useCall();
  const pausing = useSaving(onChanged);
  const paused = output.state === 'paused';
  return (
    <li className="panel" data-testid="log-output" data-state={output.state}>
      <div className="panel-head">
        <div className="row">
          <h2>{output.output.name}</h2>
          <StateBadge state={shapes[output.state]} word={t(`pipelines:output.state.${output.state}`)} />
        </div>
        <span className="panel-extra row">
          <Button
            disabled={pausing.busy}
            onClick={() => void pausing.run(call('logs.outputs.pause', { id: output.id, paused: !paused }))}
          >
            {t(paused ? 'common:action.resume' : 'common:action.pause')}
          </Button>
          <Button onClick={onEdit}>{t('pipelines:list.edit')}</Button>
        </span>
      </div>
      <dl className="facts">
        <dt>{t('pipelines:server.addresses')}</dt>
        <dd className="mono">
          {output.output.servers.join(' · ')} → {output.output.index}
        </dd>
        <dt>{t('pipelines:output.backlog')}</dt>
        <dd>
          <Count value={output.backlogEvents} />
          {output.backlogSince !== null && (
            <>
              {' · '}
              {t('pipelines:output.since')} <RelativeTime time={output.backlogSince} />
            </>
          )}
        </dd>
        <dt>{t('pipelines:output.sent')}</dt>
        <dd className="figure">
          <Count value={output.eventsSent} /> · {formatBytes(output.bytesSent)} ·{' '}
          {t('pipelines:output.rate', { rate: Math.round(output.eventsPerSecond).toLocaleString('en-US') })} ·{' '}
          <RelativeTime time={output.lastSentAt} />
        </dd>
        {output.eventsRefused > 0 && (
          <>
            <dt>{t('pipelines:output.refused')}</dt>
            <dd>
              <button type="button" className="linklike" onClick={onRefused}>
                <Count value={output.eventsRefused} />
              </button>
            </dd>
          </>
        )}
        {output.eventsGivenUp > 0 && (
          <>
            <dt>{t('pipelines:output.givenUp')}</dt>
            <dd>
              <Count value={output.eventsGivenUp} />
            </dd>
          </>
        )}
      </dl>
      {output.lastError && <ErrorNotice error={output.lastError} still={t('pipelines:output.still')} />}
      {pausing.error && <ErrorNotice error={pausing.error} />}
    </li>
  );
}

function RefusedDialog({
  output,
  onClose,
}: {
  readonly output: LogOutputState;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const request = useRequest('logs.outputs.refused', { id: output.id });
  return (
    <Overlay title={t('pipelines:output.refused')} onClose={onClose}>
      <RequestView request={request}>
        {({ refused, total }) => (
          <>
            <p className="soft figure">
              {t('common:table.shown', {
                shown: refused.length.toLocaleString('en-US'),
                total: total.toLocaleString('en-US'),
              })}
            </p>
            <ul className="plain-list import-items">
              {refused.map((event) => (
                <li key={event.eventId}>
                  <span className="figure">{absoluteText(event.at)}</span> <code>{event.index}</code>{' '}
                  <span className="figure">{event.status}</span> {event.why}
                </li>
              ))}
            </ul>
          </>
        )}
      </RequestView>
    </Overlay>
  );
}
