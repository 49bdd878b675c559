import { useState } from 'react';
import type { Host, Target } from '#shared/contract/hosts.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Count, Duration, RelativeTime } from '../../components/figures.tsx';
import { Panel } from '../../components/page-header.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { TestSteps } from './test-steps.tsx';

const stateOf = { up: 'up', down: 'down', unknown: 'unknown' } as const;

type TestOutcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'answer'; readonly answer: RequestOutput<'hosts.test'> }
  | { readonly kind: 'error'; readonly error: AppError };

/** The targets of a host with what their last scrape said, and a test on the spot. */
export function TargetTable({ host, targets }: { readonly host: Host; readonly targets: readonly Target[] }) {
  const { t } = useTranslation();
  const call = useCall();
  const [tested, setTested] = useState<{ readonly target: Target; readonly outcome: TestOutcome } | null>(
    null,
  );
  const test = async (target: Target): Promise<void> => {
    setTested({ target, outcome: { kind: 'running' } });
    const result = await call('hosts.test', { scrape: target.config });
    setTested({
      target,
      outcome: result.ok ? { kind: 'answer', answer: result.value } : { kind: 'error', error: result.error },
    });
  };
  if (targets.length === 0) {
    return (
      <Panel title={t('hosts:host.targets')}>
        <p className="soft">
          {t(host.thisWorkstation ? 'hosts:host.workstationTargets' : 'hosts:host.noTargets')}
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={t('hosts:host.targets')}>
      <div className="table-wide">
        <table className="plain-table wide" data-testid="targets">
          <thead>
            <tr>
              <th scope="col">{t('hosts:target.health')}</th>
              <th scope="col">{t('hosts:target.job')}</th>
              <th scope="col">{t('hosts:target.url')}</th>
              <th scope="col" className="right">
                {t('hosts:target.interval')}
              </th>
              <th scope="col" className="right">
                {t('hosts:target.last')}
              </th>
              <th scope="col" className="right">
                {t('hosts:target.duration')}
              </th>
              <th scope="col" className="right">
                {t('hosts:target.samples')}
              </th>
              <th scope="col">{t('hosts:target.error')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {targets.map((target) => (
              <TargetRow
                key={target.id}
                target={target}
                testable={!host.thisWorkstation}
                busy={tested?.outcome.kind === 'running'}
                onTest={() => void test(target)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {tested && (
        <section className="test-result" aria-live="polite">
          <h3>{t('hosts:target.testOf', { url: tested.target.url })}</h3>
          {tested.outcome.kind === 'running' && <p className="soft">{t('hosts:target.testing')}</p>}
          {tested.outcome.kind === 'error' && <ErrorNotice error={tested.outcome.error} />}
          {tested.outcome.kind === 'answer' && <TestSteps answer={tested.outcome.answer} />}
        </section>
      )}
    </Panel>
  );
}

function TargetRow({
  target,
  testable,
  busy,
  onTest,
}: {
  readonly target: Target;
  readonly testable: boolean;
  readonly busy: boolean;
  readonly onTest: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <tr data-gone={target.goneAt !== undefined}>
      <td>
        {target.goneAt === undefined ? (
          <StateBadge state={stateOf[target.health]} />
        ) : (
          <span className="soft">
            {t('jobs:goneSince')} <RelativeTime time={target.goneAt} />
          </span>
        )}
      </td>
      <td>
        {target.config.job}
        {target.origin && (
          <div className="soft small breakable">
            {target.origin.file === null
              ? t('jobs:fromJob', { job: target.origin.job })
              : t('jobs:fromFile', { file: target.origin.file })}
          </div>
        )}
      </td>
      <td className="breakable">{target.url}</td>
      <td className="right">
        <Duration ms={target.config.intervalMs} />
      </td>
      <td className="right">
        <RelativeTime time={target.lastScrapeAt} />
      </td>
      <td className="right">
        {target.lastDurationMs === null ? '—' : <Duration ms={target.lastDurationMs} />}
      </td>
      <td className="right">{target.lastSamples === null ? '—' : <Count value={target.lastSamples} />}</td>
      <td className="breakable">{target.lastError ? text(target.lastError.message) : '—'}</td>
      <td className="right">
        {testable && (
          <Button disabled={busy} aria-label={t('hosts:target.testOf', { url: target.url })} onClick={onTest}>
            {t('hosts:target.test')}
          </Button>
        )}
      </td>
    </tr>
  );
}
