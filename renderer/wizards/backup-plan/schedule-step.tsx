import { backupTypeSchema } from '#shared/contract/backup.ts';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import { Button } from '../../components/button.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { absoluteText } from '../../components/time.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { type BackupPlanDraft, type ScheduleDraft, schedulesOf } from './draft.ts';
import { DurationField } from './duration-field.tsx';
import { nextRuns, ofKind, toCron } from './schedule.ts';
import { ScheduleFields } from './schedule-fields.tsx';

const kinds = ['hourly', 'daily', 'weekly', 'cron'] as const;
const SHOWN = 5;

/** When it runs and what it makes then, each as a sentence; the next five times; what is promised. */
export function ScheduleStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  const set = (schedules: readonly ScheduleDraft[]): void => change((old) => ({ ...old, schedules }));
  const { schedules } = draft;
  return (
    <StepForm onNext={onNext}>
      {schedules.length === 0 && <p>{t('plans:schedule.none')}</p>}
      {schedules.map((schedule, index) => (
        <OneSchedule
          // biome-ignore lint/suspicious/noArrayIndexKey: a time is known by its place; its settings change.
          key={index}
          number={index + 1}
          schedule={schedule}
          set={(next) => set(schedules.map((old, at) => (at === index ? next : old)))}
          remove={() => set(schedules.filter((_, at) => at !== index))}
        />
      ))}
      <div className="row">
        <Button
          disabled={schedules.length >= 20}
          onClick={() =>
            set([...schedules, { choice: { kind: 'daily', hour: 1, minute: 30 }, type: 'differential' }])
          }
        >
          {t('plans:schedule.add')}
        </Button>
      </div>
      <NextRunsView draft={draft} />
      <DurationField
        label={t('backups:wizard.rpo')}
        value={draft.rpoMs}
        onChange={(rpoMs) => change((old) => ({ ...old, rpoMs }))}
      />
      <DurationField
        label={t('backups:wizard.rto')}
        hint={t('backups:wizard.objectiveHint')}
        value={draft.rtoMs}
        onChange={(rtoMs) => change((old) => ({ ...old, rtoMs }))}
      />
    </StepForm>
  );
}

type OneScheduleProps = {
  readonly number: number;
  readonly schedule: ScheduleDraft;
  readonly set: (schedule: ScheduleDraft) => void;
  readonly remove: () => void;
};

function OneSchedule({ number, schedule, set, remove }: OneScheduleProps) {
  const { t } = useTranslation();
  const text = useText();
  const { choice, type } = schedule;
  return (
    <fieldset className="schedule-card">
      <legend>{t('plans:schedule.one', { number })}</legend>
      <div className="row">
        <strong>{text(cronText(toCron(choice)))}</strong>
        <span className="spacer" />
        <Button kind="quiet" aria-label={t('plans:schedule.remove', { number })} onClick={remove}>
          {t('common:action.remove')}
        </Button>
      </div>
      <div className="field-row">
        <SelectField
          label={t('backups:wizard.scheduleKind')}
          value={choice.kind}
          options={kinds.map((kind) => [kind, t(`backups:wizard.kind.${kind}`)])}
          onChange={(kind) => set({ ...schedule, choice: ofKind(kind, choice) })}
        />
        <ScheduleFields schedule={choice} set={(next) => set({ ...schedule, choice: next })} />
        <SelectField
          label={t('plans:schedule.type')}
          value={type}
          options={backupTypeSchema.options.map((option) => [option, t(`backups:type.${option}`)])}
          onChange={(next) => set({ ...schedule, type: next })}
        />
      </div>
      <span className="soft small">{t(`backups:typeBody.${type}`)}</span>
    </fieldset>
  );
}

/** What all the schedules together mean on the calendar. */
function NextRunsView({ draft }: { readonly draft: BackupPlanDraft }) {
  const { t } = useTranslation();
  const runs = nextRuns(schedulesOf(draft), Date.now(), SHOWN);
  if (runs.length === 0) return null;
  return (
    <div className="stack-small" role="status">
      <strong>{t('plans:schedule.next')}</strong>
      <ul className="file-names figure">
        {runs.map(({ at, type }) => (
          <li key={at}>
            {absoluteText(at).slice(0, 16)} · {t(`backups:type.${type}`)}
          </li>
        ))}
      </ul>
      {draft.schedules.length > 1 && <span className="soft small">{t('plans:schedule.together')}</span>}
      <span className="soft small">{t('backups:wizard.missed')}</span>
    </div>
  );
}
