import { useId, useState } from 'react';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DurationSelect } from '../../../wizards/duration-select.tsx';
import { rememberOperator, useOperator, useWho } from '../who.ts';
import { WhoField } from '../who-field.tsx';

const HOUR = 3_600_000;
const REMINDERS = [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 24 * HOUR];

/** Who is on it, a note, and after how long to be reminded. Enter says so. */
export function AcknowledgeForm({
  views,
  onDone,
  onCancel,
  cancelLabel,
}: {
  readonly views: readonly Pick<AlertView, 'problem' | 'acknowledgement'>[];
  readonly onDone: () => void;
  readonly onCancel: () => void;
  /** What not acknowledging is called here. */
  readonly cancelLabel?: string;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const known = useOperator((state) => state.name);
  const before = views.length === 1 ? (views[0]?.acknowledgement ?? null) : null;
  const { by, setBy } = useWho(before?.by);
  const [note, setNote] = useState(before?.note ?? '');
  const [remindAfterMs, setRemind] = useState<number | null>(before === null ? HOUR : before.remindEveryMs);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const lacking = useId();
  const isNamed = by.trim() !== '';
  const send = async (): Promise<void> => {
    setBusy(true);
    const ids = views.map(({ problem }) => problem.id);
    const answer = await call('notify.acknowledge', { ids, by, note, remindAfterMs });
    setBusy(false);
    if (!answer.ok) return setError(answer.error);
    rememberOperator(by);
    onDone();
  };
  return (
    <form
      className="stack-small"
      data-testid="acknowledge-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNamed && !busy) void send();
      }}
    >
      <p className="soft">{t('alerts:ack.means')}</p>
      <div className="fields-row">
        <WhoField by={by} setBy={setBy} isFirst={known === ''} />
        <DurationSelect
          label={t('alerts:ack.remind')}
          usual={REMINDERS}
          none={t('alerts:ack.noReminder')}
          value={remindAfterMs}
          onChange={setRemind}
        />
      </div>
      <TextField
        label={t('alerts:ack.note')}
        hint={t('alerts:ack.noteHint')}
        name="note"
        maxLength={2_000}
        autoFocus={known !== ''}
        value={note}
        onChange={setNote}
      />
      {error && <ErrorNotice error={error} />}
      <div className="row">
        {!isNamed && (
          <span id={lacking} className="soft">
            {t('alerts:ack.lacksWho')}
          </span>
        )}
        <span className="spacer" />
        <Button onClick={onCancel}>{cancelLabel ?? t('common:action.cancel')}</Button>
        <Button
          kind="primary"
          type="submit"
          disabled={!isNamed || busy}
          aria-describedby={isNamed ? undefined : lacking}
        >
          {t(views.length > 1 ? 'alerts:ack.many' : 'alerts:ack.do', { count: views.length })}
        </Button>
      </div>
    </form>
  );
}
