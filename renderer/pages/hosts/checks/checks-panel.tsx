import { useState } from 'react';
import type { CheckRun, CheckView } from '#shared/contract/checks.ts';
import type { Host } from '#shared/contract/hosts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Duration, RelativeTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { CheckDialog } from './check-dialog.tsx';
import { type CheckDraft, draftOf } from './check-draft.ts';
import { RunSteps } from './run-steps.tsx';

type Tested = 'running' | { readonly runs: readonly CheckRun[] } | AppError;

/** The checks of a host with their state, and a test of the whole host on the spot. */
export function ChecksPanel({ host }: { readonly host: Host }) {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('checks.list', { hostId: host.id }, { subject: host.id, patient: true });
  useEvent('checks.changed', () => request.reload());
  const [draft, setDraft] = useState<CheckDraft | null>(null);
  const [tested, setTested] = useState<Tested | null>(null);
  const checks = request.data?.checks ?? [];
  const test = async (): Promise<void> => {
    setTested('running');
    const answer = await call('checks.run', { hostId: host.id });
    setTested(answer.ok ? answer.value : answer.error);
  };
  return (
    <Panel
      title={t('checks:title')}
      extra={
        <span className="row">
          <Button disabled={tested === 'running'} onClick={() => void test()}>
            {t('checks:test')}
          </Button>
          <Button onClick={() => setDraft(draftOf({ hostId: host.id, address: host.address }))}>
            {t('checks:add')}
          </Button>
        </span>
      }
    >
      <ClockLine hostId={host.id} />
      {request.error && <ErrorNotice error={request.error} />}
      {checks.length === 0 ? (
        <p className="soft">{t('checks:none')}</p>
      ) : (
        <div className="table-wide">
          <table className="plain-table wide" data-testid="checks">
            <thead>
              <tr>
                <th scope="col">{t('checks:column.state')}</th>
                <th scope="col">{t('checks:column.name')}</th>
                <th scope="col">{t('checks:column.kind')}</th>
                <th scope="col" className="right">
                  {t('checks:column.interval')}
                </th>
                <th scope="col" className="right">
                  {t('checks:column.since')}
                </th>
                <th scope="col" className="right">
                  {t('checks:column.duration')}
                </th>
                <th scope="col">{t('checks:column.said')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {checks.map((check) => (
                <CheckRow
                  key={check.id}
                  check={check}
                  onEdit={() => setDraft(draftOf(check))}
                  onRemove={() => void call('checks.remove', { id: check.id })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tested !== null && (
        <section className="test-result stack" aria-live="polite" data-testid="host-test">
          <h3>{t('checks:testOf', { host: host.name })}</h3>
          {tested === 'running' && <p className="soft">{t('checks:running')}</p>}
          {tested !== 'running' && 'code' in tested && <ErrorNotice error={tested} />}
          {tested !== 'running' &&
            'runs' in tested &&
            tested.runs.map((run) => (
              <RunSteps key={`${run.checkId}:${run.kind}:${run.name}:${run.output}`} run={run} />
            ))}
        </section>
      )}
      {draft !== null && <CheckDialog first={draft} address={host.address} onClose={() => setDraft(null)} />}
    </Panel>
  );
}

function CheckRow({
  check,
  onEdit,
  onRemove,
}: {
  readonly check: CheckView;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const { last, enabled } = check;
  const state = !enabled || check.state === 'pending' ? 'not_watched' : check.state;
  const word = enabled ? (check.state === 'pending' ? t('checks:pending') : undefined) : t('checks:disabled');
  return (
    <tr>
      <td>
        <StateBadge state={state} {...(word === undefined ? {} : { word })} />
      </td>
      <td className="breakable">{check.name}</td>
      <td>{t(`checks:kind.${check.what.kind}`)}</td>
      <td className="right">
        <Duration ms={check.intervalMs} />
      </td>
      <td className="right">
        <RelativeTime time={check.since} />
      </td>
      <td className="right">{last === null ? '—' : <Duration ms={last.durationMs} />}</td>
      <td className="breakable">{last === null ? '—' : text(last.sentence)}</td>
      <td className="right">
        <Button kind="quiet" aria-label={`${t('checks:edit')} ${check.name}`} onClick={onEdit}>
          {t('checks:edit')}
        </Button>
        <Button kind="quiet" aria-label={`${t('checks:remove')} ${check.name}`} onClick={onRemove}>
          {t('checks:remove')}
        </Button>
      </td>
    </tr>
  );
}

/** How far the host's clock is off, when it tells the time. */
function ClockLine({ hostId }: { readonly hostId: string }) {
  const { t } = useTranslation();
  const request = useRequest('checks.clocks', {}, { patient: true });
  const clock = request.data?.clocks.find((one) => one.hostId === hostId);
  if (clock === undefined) return null;
  const { offsetSeconds, errorSeconds } = clock;
  const off = Math.abs(offsetSeconds);
  // An offset within what can be measured, or that would be shown as 0.00, is none.
  const key =
    off <= Math.max(errorSeconds, 0.005) ? 'clockSame' : offsetSeconds < 0 ? 'clockBehind' : 'clockAhead';
  return (
    <p className="soft small" data-testid="host-clock">
      {t(`checks:${key}`, {
        seconds: off.toFixed(2),
        error: Math.max(0.01, errorSeconds).toFixed(2),
      })}{' '}
      · <RelativeTime time={clock.at} />
    </p>
  );
}
