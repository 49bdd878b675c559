import { useState } from 'react';
import type { Matcher } from '#shared/contract/notify-config.ts';
import type { Silence } from '#shared/contract/notify-silences.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DurationSelect } from '../../../wizards/duration-select.tsx';
import { rememberOperator, useOperator, useWho } from '../who.ts';
import { WhoField } from '../who-field.tsx';
import { MatcherFields } from './matcher-fields.tsx';
import { draftOf, endOf, newDraft, USUAL_LENGTHS, usable, whatLacks } from './silence-draft.ts';
import { SilencePreview } from './silence-preview.tsx';
import { TimeField } from './time-field.tsx';

export type SilenceDialogProps = {
  /** What a new silence begins with. */
  readonly matchers?: readonly Matcher[];
  /** Changes this one: it is ended, and one like it begins. One that has ended is made once more. */
  readonly silence?: Silence;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Writes a silence, with what it would hide in sight. */
export function SilenceDialog({ matchers = [], silence, onClose, onDone }: SilenceDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const now = useNow(10_000);
  const known = useOperator((state) => state.name);
  const [draft, setDraft] = useState(() => (silence ? draftOf(silence) : newDraft(matchers)));
  const { by, setBy } = useWho();
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const lacks = whatLacks(draft, by, now);
  const changes = silence !== undefined && silence.state !== 'ended';
  const save = async (): Promise<void> => {
    setBusy(true);
    const at = Date.now();
    const made = await call('notify.silences.create', {
      matchers: usable(draft.matchers),
      ...(draft.startsAt === null ? {} : { startsAt: draft.startsAt }),
      endsAt: endOf(draft, at),
      by,
      comment: draft.comment,
    });
    // The new one is there before the old one goes, so that nothing rings in between.
    const ended = made.ok && changes ? await call('notify.silences.expire', { id: silence.id, by }) : made;
    setBusy(false);
    if (!ended.ok) return setError(ended.error);
    rememberOperator(by);
    onDone();
  };
  return (
    <Overlay
      kind="dialog"
      title={t(changes ? 'alerts:silence.change' : 'alerts:silence.new')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="silence-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (lacks === null && !busy) void save();
        }}
      >
        <MatcherFields matchers={draft.matchers} onChange={(next) => set({ matchers: next })} />
        <SilencePreview matchers={draft.matchers} />
        <div className="fields-row">
          <DurationSelect
            label={t('alerts:silence.length')}
            hint={t('alerts:silence.until', { time: absoluteText(endOf(draft, now)).slice(0, 16) })}
            usual={[...USUAL_LENGTHS]}
            none={t('alerts:silence.untilTime')}
            value={draft.lengthMs}
            onChange={(lengthMs) => set({ lengthMs, endsAt: lengthMs === null ? endOf(draft, now) : null })}
          />
          {draft.lengthMs === null && (
            <TimeField
              label={t('alerts:silence.end')}
              time={draft.endsAt ?? now}
              onChange={(endsAt) => set({ endsAt })}
            />
          )}
          <WhoField by={by} setBy={setBy} isFirst={known === ''} />
        </div>
        <TextField
          label={t('alerts:silence.comment')}
          hint={t('alerts:silence.commentHint')}
          name="comment"
          maxLength={2_000}
          autoFocus={known !== ''}
          value={draft.comment}
          onChange={(value) => set({ comment: value })}
        />
        {error && <ErrorNotice error={error} />}
        <div className="row">
          {lacks !== null && <span className="soft">{t(`alerts:silence.lacks.${lacks}`)}</span>}
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={lacks !== null || busy}>
            {t('alerts:silence.save')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
