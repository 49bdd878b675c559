import { useState } from 'react';
import type { Maintenance } from '#shared/contract/notify-silences.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Overlay } from '../../../components/drawer.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { rememberOperator, useWho } from '../who.ts';
import { WhoField } from '../who-field.tsx';
import { maintenanceDraft, scheduleOf, whatMaintenanceLacks } from './maintenance-draft.ts';
import { MatcherFields } from './matcher-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { usable } from './silence-draft.ts';
import { SilencePreview } from './silence-preview.tsx';

/** Writes a maintenance: what is worked on, and when. */
export function MaintenanceDialog({
  maintenance,
  day,
  onClose,
  onDone,
}: {
  readonly maintenance: Maintenance | null;
  /** The midnight of the day that was chosen in the calendar. */
  readonly day: number | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => maintenanceDraft(maintenance, day, Date.now()));
  const { by, setBy } = useWho();
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const schedule = scheduleOf(draft);
  const matchers = usable(draft.matchers);
  const lacks = whatMaintenanceLacks(draft, by);
  const save = async (): Promise<void> => {
    if (schedule === null) return;
    setBusy(true);
    const { name, comment, enabled } = draft;
    const answer = await call('notify.maintenance.put', {
      ...(maintenance === null ? {} : { id: maintenance.id }),
      name,
      matchers,
      schedule,
      comment,
      enabled,
      by,
    });
    setBusy(false);
    if (!answer.ok) return setError(answer.error);
    rememberOperator(by);
    onDone();
  };
  return (
    <Overlay
      kind="dialog"
      title={t(maintenance === null ? 'alerts:maintenance.new' : 'alerts:maintenance.change')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="maintenance-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (lacks === null && !busy) void save();
        }}
      >
        <div className="fields-row">
          <TextField
            label={t('alerts:maintenance.name')}
            hint={t('alerts:maintenance.nameHint')}
            name="name"
            autoFocus
            maxLength={200}
            value={draft.name}
            onChange={(value) => set({ name: value })}
          />
          <WhoField by={by} setBy={setBy} />
        </div>
        <MatcherFields matchers={draft.matchers} onChange={(next) => set({ matchers: next })} />
        <SilencePreview matchers={draft.matchers} />
        <ScheduleFields draft={draft} onChange={set} />
        <TextField
          label={t('alerts:silence.comment')}
          maxLength={2_000}
          value={draft.comment}
          onChange={(value) => set({ comment: value })}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
          />
          {t('alerts:maintenance.enabled')}
        </label>
        <SaveFoot error={error} canSave={lacks === null && !busy} onClose={onClose}>
          {lacks !== null && <span className="soft">{t(`alerts:maintenance.lacks.${lacks}`)}</span>}
        </SaveFoot>
      </form>
    </Overlay>
  );
}
