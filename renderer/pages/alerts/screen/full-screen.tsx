import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Notice } from '#shared/contract/notice.ts';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { Problem } from '#shared/contract/site.ts';
import { Button } from '../../../components/button.tsx';
import { AbsoluteTime, Duration } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AcknowledgeForm } from '../ack/acknowledge-form.tsx';
import { alertPath } from '../alert-address.ts';
import '../alerts.css';
import '../alerts-forms.css';
import '../../../wizards/wizards.css';
import { screenAlerts, whereIs } from './screen-alerts.ts';
import { useAlarm } from './use-alarm.ts';

const SHOWN = 6;

/** Fills the window while nobody has acknowledged: the host, the sentence, since when, what to do, and one button. */
export function FullScreenAlert({
  notices,
  onLater,
  onDone,
}: {
  readonly notices: readonly Notice[];
  /** Puts the view away for a while without acknowledging. */
  readonly onLater: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const now = useNow(1_000);
  const [sound, setSound] = useState(true);
  const open = useRequest('notify.alerts', {}, { refreshMs: 15_000 });
  useEvent('notify.changed', open.reload);
  const problems = screenAlerts(notices, open.data?.alerts ?? null);
  const [worst, ...others] = problems;
  useAlarm(sound && worst !== undefined);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => element?.close();
  }, []);
  if (worst === undefined) return null;
  const { name, address } = whereIs(worst);
  const show = (): void => {
    onLater();
    void navigate(alertPath(worst.id));
  };
  return (
    <dialog
      ref={dialog}
      className={`alarm alarm-${worst.severity}`}
      aria-labelledby="alarm-sentence"
      data-testid="full-screen"
      // Esc must not put away what nobody has acknowledged; "later" says so in words.
      onCancel={(event) => event.preventDefault()}
    >
      <div className="alarm-head">
        <StateBadge state={worst.severity} />
        <strong>{t('alerts:screen.title')}</strong>
        <span className="spacer" />
        <Button aria-pressed={sound} onClick={() => setSound(!sound)}>
          {t(sound ? 'alerts:screen.mute' : 'alerts:screen.unmute')}
        </Button>
      </div>
      {name !== '' && (
        <p className="alarm-host">
          <strong>{t('alerts:screen.host', { name })}</strong>
          {address !== '' && <span className="figure">{t('alerts:screen.address', { address })}</span>}
        </p>
      )}
      <h1 id="alarm-sentence" className="alarm-sentence">
        {text(worst.sentence)}
      </h1>
      <p className="alarm-since">
        {t('alerts:since')} <AbsoluteTime time={worst.since} /> · {t('alerts:lasted')}{' '}
        <Duration ms={Math.max(0, now - worst.since)} />
      </p>
      <p className="alarm-next">
        <strong>{t('overview:next')}</strong> {text(worst.next)}
      </p>
      {others.length > 0 && (
        <section>
          <h2>{t('alerts:screen.others', { count: others.length })}</h2>
          <ul className="plain-list">
            {others.slice(0, SHOWN).map((problem) => (
              <li key={problem.id} className="row nowrap">
                <StateBadge state={problem.severity} />
                <span>{text(problem.sentence)}</span>
              </li>
            ))}
            {others.length > SHOWN && <li>{t('alerts:more', { count: others.length - SHOWN })}</li>}
          </ul>
        </section>
      )}
      <div className="alarm-form">
        <AcknowledgeForm
          views={problems.map(bareView)}
          onDone={onDone}
          onCancel={onLater}
          cancelLabel={t('alerts:screen.later')}
        />
        <Button onClick={show}>{t('alerts:screen.open')}</Button>
      </div>
    </dialog>
  );
}

/** What the form needs to know of an alert that nobody has acknowledged. */
function bareView(problem: Problem): Pick<AlertView, 'problem' | 'acknowledgement'> {
  return { problem, acknowledgement: null };
}
