import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import { Button } from '../../../components/button.tsx';
import { AbsoluteTime, Duration, RelativeTime } from '../../../components/figures.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AcknowledgeDialog } from '../ack/acknowledge-dialog.tsx';
import { AcknowledgementPanel } from '../ack/acknowledgement-panel.tsx';
import { alertPath } from '../alert-address.ts';
import { SilenceDialog } from '../silences/silence-dialog.tsx';
import { matchersOfLabels } from '../silences/silence-draft.ts';
import { StateWord } from '../state-word.tsx';
import { AlertChart } from './alert-chart.tsx';
import { expressionOf } from './alert-expression.ts';
import { AlertFacts } from './alert-facts.tsx';
import { AlertLinks } from './alert-links.tsx';
import { Trace } from './trace.tsx';
import { useAlertKeys } from './use-alert-keys.ts';

type Story = RequestOutput<'notify.why'>;

/** One alert: what it is, what to do, who is on it, and why somebody was told or not. */
export function AlertPage() {
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  const since = Number(params.get('since'));
  const story = useRequest(
    'notify.why',
    { id, ...(Number.isSafeInteger(since) && since > 0 ? { since } : {}) },
    { subject: `${id} ${since}`, refreshMs: 15_000 },
  );
  useEvent('notify.changed', story.reload);
  const { t } = useTranslation();
  return (
    <div className="page">
      <nav className="small">
        <Link to="/alerts">{t('alerts:title')}</Link>
      </nav>
      <RequestView request={story} rows={10}>
        {(data) => <Alert story={data} onChanged={story.reload} />}
      </RequestView>
    </div>
  );
}

function Alert({ story, onChanged }: { readonly story: Story; readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const text = useText();
  const { record, view } = story;
  const { problem } = record;
  const [doing, setDoing] = useState<'acknowledge' | 'silence' | null>(null);
  const rules = useRequest('rules.groups', {}, { enabled: problem.alert !== undefined });
  const expression = expressionOf(problem, rules.data?.groups ?? []);
  useAlertKeys({
    acknowledge: () => view && setDoing('acknowledge'),
    silence: () => view && setDoing('silence'),
  });
  const close = (): void => setDoing(null);
  const done = (): void => {
    close();
    onChanged();
  };
  return (
    <>
      <PageHeader
        title={
          <span className="row">
            <StateBadge state={problem.severity} />
            {text(problem.sentence)}
          </span>
        }
        summary={
          <span className="row">
            <StateWord state={view?.state ?? 'ended'} />
            <span>
              {t('alerts:since')} <AbsoluteTime time={problem.since} /> ·{' '}
              {problem.until === null ? (
                <RelativeTime time={problem.since} />
              ) : (
                <>
                  {t('alerts:lasted')} <Duration ms={problem.until - problem.since} />
                </>
              )}
            </span>
          </span>
        }
        actions={
          view && (
            <>
              <Button kind="primary" aria-keyshortcuts="a" onClick={() => setDoing('acknowledge')}>
                {t(view.acknowledgement ? 'alerts:ack.change' : 'alerts:ack.do')}
              </Button>
              <Button aria-keyshortcuts="s" onClick={() => setDoing('silence')}>
                {t('alerts:silence.do')}
              </Button>
            </>
          )
        }
      />
      <div className="alert-next">
        <strong>{t('overview:next')}</strong> {text(problem.next)}
      </div>
      <div className="alert-columns">
        <div className="stack">
          <Trace verdict={story.verdict} entries={story.entries} leftOut={story.leftOut} />
          {expression && <AlertChart problem={problem} expression={expression} />}
        </div>
        <div className="stack">
          {view && <AcknowledgementPanel view={view} onChanged={onChanged} />}
          <AlertLinks problem={problem} labels={record.labels} expression={expression} />
          <AlertFacts record={record} />
          {view && <Planned view={view} />}
          <Others id={problem.id} since={problem.since} others={story.others} />
        </div>
      </div>
      {doing === 'acknowledge' && view && <AcknowledgeDialog views={[view]} onClose={close} onDone={done} />}
      {doing === 'silence' && (
        <SilenceDialog matchers={matchersOfLabels(record.labels)} onClose={close} onDone={done} />
      )}
    </>
  );
}

/** What comes next if nobody does anything. */
function Planned({ view }: { readonly view: AlertView }) {
  const { t } = useTranslation();
  if (view.routes.length === 0) return null;
  return (
    <Panel title={t('alerts:planned.title')}>
      <ul className="plain-list">
        {view.routes.map((route) => (
          <li key={`${route.path.join('.')} ${route.groupKey}`}>
            <strong>{route.receiver}</strong>{' '}
            {route.next === null ? (
              <span className="soft">{t('alerts:planned.nothing')}</span>
            ) : (
              <>
                <RelativeTime time={route.next.at} /> {t(`alerts:planned.${route.next.kind}`)}
              </>
            )}
            {route.steps > 0 && (
              <span className="soft">
                {' '}
                · {t('alerts:planned.steps', { done: route.escalated, steps: route.steps })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const SHOWN_OTHERS = 8;

/** Earlier times of the same alert. */
function Others(props: { readonly id: string; readonly since: number; readonly others: readonly number[] }) {
  const { t } = useTranslation();
  const others = props.others.filter((at) => at !== props.since);
  if (others.length === 0) return null;
  return (
    <Panel title={t('alerts:others', { count: others.length })}>
      <ul className="plain-list figure">
        {others.slice(0, SHOWN_OTHERS).map((at) => (
          <li key={at}>
            <Link to={alertPath(props.id, at)}>{absoluteText(at)}</Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
