import { useState } from 'react';
import type { DataClass, Objective } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useSaveAction } from './save-action.ts';

const HOUR_MS = 3_600_000;

/** What is promised for each class of data. */
export function ClassPromises({ objectives }: { readonly objectives: readonly Objective[] }) {
  return (
    <div className="stack">
      {(['core', 'logs'] as const).map((dataClass) => (
        <Promised
          key={`${dataClass} ${JSON.stringify(objectives.find((one) => one.dataClass === dataClass))}`}
          dataClass={dataClass}
          objective={objectives.find((one) => one.dataClass === dataClass) ?? null}
        />
      ))}
    </div>
  );
}

function hours(ms: number | null): string {
  return ms === null ? '' : String(ms / HOUR_MS);
}

/** Hours as typed; null for none. What is no length of time is none either, and the button stays disabled. */
function toMs(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) || value <= 0 ? null : Math.round(value * HOUR_MS);
}

function Promised({
  dataClass,
  objective,
}: {
  readonly dataClass: DataClass;
  readonly objective: Objective | null;
}) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [rpo, setRpo] = useState(hours(objective?.rpoMs ?? null));
  const [rto, setRto] = useState(hours(objective?.rtoMs ?? null));
  const [owner, setOwner] = useState(objective?.owner ?? '');
  const isWrong = [rpo, rto].some((text) => text.trim() !== '' && toMs(text) === null);
  return (
    <form
      className="row promise"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run('recovery.objectives.set', {
          dataClass,
          rpoMs: toMs(rpo),
          rtoMs: toMs(rto),
          owner,
        });
      }}
    >
      <strong>{t(`recovery:disaster.class.${dataClass}`)}</strong>
      {(
        [
          [t('recovery:disaster.objectives.rpoHours'), rpo, setRpo],
          [t('recovery:disaster.objectives.rtoHours'), rto, setRto],
          [t('recovery:disaster.owner'), owner, setOwner],
        ] as const
      ).map(([label, value, set]) => (
        <Field key={label} label={label}>
          {(field) => (
            <input
              {...field}
              className="input"
              size={12}
              maxLength={100}
              value={value}
              onChange={(event) => set(event.target.value)}
            />
          )}
        </Field>
      ))}
      <Button type="submit" disabled={save.busy || isWrong}>
        {t('recovery:disaster.save')}
      </Button>
      {save.error && <ErrorNotice error={save.error} />}
    </form>
  );
}
