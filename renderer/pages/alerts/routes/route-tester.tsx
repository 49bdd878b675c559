import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { formatMatchers, parseMatchers } from '../alert-address.ts';
import { matchersOfLabels } from '../silences/silence-draft.ts';
import { routeNumber } from './route-tree.ts';
import { type Names, receiverWords } from './route-words.ts';

type Tested = RequestOutput<'notify.config.test'>;

/** Where an alert with these labels would go, by the configuration in force. */
export function RouteTester({ config, names }: { readonly config: NotifyConfig; readonly names: Names }) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const open = useRequest('notify.alerts', {});
  const [typed, setTyped] = useState('alertname="HostDown", severity="critical", tier="data"');
  const [tested, setTested] = useState<Tested | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const matchers = parseMatchers(typed);
  const isUsable = matchers?.every(({ op }) => op === '=') ?? false;
  const test = async (): Promise<void> => {
    const labels = Object.fromEntries((matchers ?? []).map(({ name, value }) => [name, value]));
    const answer = await call('notify.config.test', { labels });
    setError(answer.ok ? null : answer.error);
    setTested(answer.ok ? answer.value : null);
  };
  return (
    <Panel title={t('alerts:tester.title')}>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (isUsable) void test();
        }}
      >
        <input
          className="input mono grow"
          aria-label={t('alerts:tester.labels')}
          aria-invalid={!isUsable}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <select
          className="input tester-pick"
          aria-label={t('alerts:tester.pick')}
          value=""
          onChange={(event) => {
            const view = open.data?.alerts.find(({ problem }) => problem.id === event.target.value);
            if (view) setTyped(formatMatchers(matchersOfLabels(view.labels)));
          }}
        >
          <option value="">{t('alerts:tester.pick')}</option>
          {(open.data?.alerts ?? []).slice(0, 100).map(({ problem }) => (
            <option key={problem.id} value={problem.id}>
              {text(problem.sentence)}
            </option>
          ))}
        </select>
        <Button type="submit" disabled={!isUsable}>
          {t('alerts:tester.test')}
        </Button>
      </form>
      {!isUsable && <p className="field-error small">{t('alerts:tester.bad')}</p>}
      {error && <ErrorNotice error={error} />}
      {tested && <Outcome tested={tested} config={config} names={names} />}
    </Panel>
  );
}

function Outcome({
  tested,
  config,
  names,
}: {
  readonly tested: Tested;
  readonly config: NotifyConfig;
  readonly names: Names;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <ul className="plain-list lines" data-testid="tested" aria-live="polite">
      {tested.suppressedBy.map((cause) => (
        <li key={`${cause.kind} ${cause.ref}`}>
          {t('alerts:tester.suppressed', { cause: text(cause.text) })}
        </li>
      ))}
      {tested.routes.map((route) => (
        <li key={routeNumber(route.path)}>
          <strong>
            {route.path.length === 0
              ? t('alerts:routes.rest')
              : t('alerts:tester.route', { number: routeNumber(route.path) })}
          </strong>{' '}
          → {route.receiver}:{' '}
          {receiverWords(
            t,
            config.receivers.find(({ name }) => name === route.receiver),
            names,
          )}
          <span className="soft">
            {' · '}
            {t('alerts:routes.after', { time: durationText(t, route.groupWaitMs) })}
            {' · '}
            {t('alerts:tester.grouped', {
              labels:
                Object.entries(route.groupLabels)
                  .map(([name, value]) => `${name}=${value}`)
                  .join(', ') || '—',
            })}
          </span>
          {route.mutedBy !== null && <span> · {t('alerts:routes.mutedIn', { name: route.mutedBy })}</span>}
        </li>
      ))}
    </ul>
  );
}
