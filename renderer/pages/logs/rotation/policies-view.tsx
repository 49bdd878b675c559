import { useState } from 'react';
import { Link } from 'react-router';
import type {
  RotationCodecs,
  RotationPolicyState,
  UnreadablePolicy,
} from '#shared/contract/logs-rotation-policy.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Bytes, Count, RelativeTime } from '../../../components/figures.tsx';
import { JobProgressView } from '../../../components/job-progress-view.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useJob } from '../../../stores/jobs.ts';
import { LogrotateDialog } from './logrotate-dialog.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { policySentence } from './policy-sentence.ts';

type Task = { readonly what: 'new' | 'import' } | { readonly what: 'edit'; readonly name: string };

/** Every policy as a sentence, with how it stands; new ones by form or from a logrotate configuration. */
export function PoliciesView() {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('rotation.policies.list', {}, { refreshMs: 30_000 });
  useEvent('rotation.changed', request.reload);
  const [task, setTask] = useState<Task | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob(jobId);
  const running = useSaving(request.reload);
  const run = async (name?: string): Promise<void> => {
    const answer = await call('rotation.run', name === undefined ? { onlyDue: true } : { name });
    if (answer.ok) setJobId(answer.value.jobId);
    await running.run(Promise.resolve(answer));
  };
  const done = (): void => {
    setTask(null);
    request.reload();
  };
  const codecs = request.data?.codecs;
  const editing =
    task?.what === 'edit'
      ? request.data?.policies.find(({ policy }) => policy.name === task.name)?.policy
      : undefined;
  return (
    <>
      <RequestView request={request}>
        {({ policies, unreadable, codecs }) => (
          <>
            <div className="list-line">
              <Button kind="primary" onClick={() => setTask({ what: 'new' })}>
                {t('rotation:policies.new')}
              </Button>
              <Button onClick={() => setTask({ what: 'import' })}>{t('rotation:logrotate.open')}</Button>
              <span className="spacer" />
              {policies.length > 0 && (
                <Button disabled={running.busy} onClick={() => void run()}>
                  {t('rotation:policies.runDue')}
                </Button>
              )}
            </div>
            {running.error && <ErrorNotice error={running.error} />}
            {job && <JobProgressView job={job} />}
            {policies.length + unreadable.length === 0 && (
              <EmptyState
                title={t('rotation:policies.none')}
                body={t('rotation:policies.noneBody')}
                action={
                  <Button kind="primary" onClick={() => setTask({ what: 'new' })}>
                    {t('rotation:policies.new')}
                  </Button>
                }
              />
            )}
            <ul className="plain-list policy-list">
              {unreadable.map((one) => (
                <UnreadableCard key={one.name} unreadable={one} onRemoved={request.reload} />
              ))}
              {policies.map((state) => (
                <PolicyCard
                  key={state.policy.name}
                  state={state}
                  codecs={codecs}
                  onEdit={() => setTask({ what: 'edit', name: state.policy.name })}
                  onRun={() => void run(state.policy.name)}
                />
              ))}
            </ul>
          </>
        )}
      </RequestView>
      {codecs && (task?.what === 'new' || editing) && (
        <PolicyDialog policy={editing ?? null} codecs={codecs} onClose={() => setTask(null)} onDone={done} />
      )}
      {codecs && task?.what === 'import' && (
        <LogrotateDialog codecs={codecs} onClose={() => setTask(null)} onDone={done} />
      )}
    </>
  );
}

function stateOf({ policy, failing, running }: RotationPolicyState): {
  readonly shape: StateName;
  readonly word: 'failing' | 'off' | 'running' | 'ok';
} {
  if (failing > 0) return { shape: 'critical', word: 'failing' };
  if (!policy.enabled) return { shape: 'not_watched', word: 'off' };
  return running > 0 ? { shape: 'info', word: 'running' } : { shape: 'ok', word: 'ok' };
}

type UnreadableCardProps = {
  readonly unreadable: UnreadablePolicy;
  readonly onRemoved: () => void;
};

/** A policy that is stored and cannot be read: it is not run, and can be removed. */
function UnreadableCard({ unreadable: { name, error }, onRemoved }: UnreadableCardProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const removing = useSaving(onRemoved);
  return (
    <li className="panel policy-card" data-testid="rotation-policy-unreadable" data-policy={name}>
      <div className="panel-head">
        <div className="row">
          <h2>{name}</h2>
          <StateBadge state="critical" word={t('rotation:policies.state.unreadable')} />
        </div>
        {!asking && (
          <span className="panel-extra">
            <Button kind="danger" onClick={() => setAsking(true)}>
              {t('rotation:form.remove')}
            </Button>
          </span>
        )}
      </div>
      <ErrorNotice error={error} />
      {asking && (
        <>
          <p>{t('rotation:form.removeAsk')}</p>
          <ConfirmByTyping
            word={name}
            actionLabel={t('rotation:form.remove')}
            busy={removing.busy}
            onConfirm={() => void removing.run(call('rotation.policies.remove', { name }))}
          />
          {removing.error && <ErrorNotice error={removing.error} />}
        </>
      )}
    </li>
  );
}

type PolicyCardProps = {
  readonly state: RotationPolicyState;
  readonly codecs: RotationCodecs;
  readonly onEdit: () => void;
  readonly onRun: () => void;
};

function PolicyCard({ state, codecs, onEdit, onRun }: PolicyCardProps) {
  const { t } = useTranslation();
  const text = useText();
  const { policy } = state;
  const { shape, word } = stateOf(state);
  return (
    <li className="panel policy-card" data-testid="rotation-policy" data-policy={policy.name}>
      <div className="panel-head">
        <div className="row">
          <h2>{policy.name}</h2>
          <StateBadge state={shape} word={t(`rotation:policies.state.${word}`, { count: state.failing })} />
        </div>
        <span className="panel-extra row">
          <Button onClick={onRun}>{t('rotation:policies.run')}</Button>
          <Button onClick={onEdit}>{t('rotation:policies.edit')}</Button>
        </span>
      </div>
      <p>{policySentence(t, policy, codecs)}</p>
      {state.warnings.map((warning) => (
        <StateBadge key={warning.en} state="warning" word={text(warning)} />
      ))}
      <div className="row soft">
        <span>
          {t('rotation:policies.last')} <RelativeTime time={state.lastAt} />
        </span>
        {state.nextAt !== null && (
          <span>
            {t('rotation:policies.next')} <RelativeTime time={state.nextAt} />
          </span>
        )}
        <span>
          {t('rotation:policies.segments')} <Count value={state.segments} /> ·{' '}
          <Bytes value={state.storedBytes} />
        </span>
        <Link to={`/logs?tab=rotation&view=history&policy=${encodeURIComponent(policy.name)}`}>
          {t('rotation:view.history')}
        </Link>
        <Link to={`/logs?tab=rotation&view=segments&policy=${encodeURIComponent(policy.name)}`}>
          {t('rotation:view.segments')}
        </Link>
      </div>
    </li>
  );
}
