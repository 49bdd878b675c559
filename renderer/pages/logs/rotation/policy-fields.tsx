import { useState } from 'react';
import { MLPS_LOCK_DAYS, type RotationCodecs } from '#shared/contract/logs-rotation-policy.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { HostFields } from './host-fields.tsx';
import type { PolicyDraft } from './policy-draft.ts';
import { ReopenFields } from './reopen-fields.tsx';
import { clockText, cronOf, type ScheduleKind, scheduleWords } from './schedule.ts';

export type PolicyFieldsProps = {
  readonly draft: PolicyDraft;
  /** What the engine writes for each codec. */
  readonly codecs: RotationCodecs;
  /** Fields that are missing or wrong. */
  readonly wrong: ReadonlySet<string>;
  /** A policy that exists keeps its name: its archive is called so. */
  readonly named: boolean;
  readonly onChange: (change: Partial<PolicyDraft>) => void;
};

const MIB = 1024 * 1024;
const DAY = 86_400_000;

/** The controls of a policy, in the order in which a file goes through them. */
export function PolicyFields({ draft, codecs, wrong, named, onChange }: PolicyFieldsProps) {
  const { t } = useTranslation();
  const bad = (field: string, text: string): string | null => (wrong.has(field) ? text : null);
  return (
    <>
      {!named && (
        <TextField
          autoFocus
          label={t('rotation:form.name')}
          hint={t('rotation:form.nameHint')}
          error={draft.name === '' ? null : bad('name', t('rotation:form.nameBad'))}
          maxLength={80}
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      )}
      <HostFields draft={draft} onChange={onChange} />
      <ListField
        label={t('rotation:form.paths')}
        hint={t('rotation:form.pathsHint')}
        value={draft.paths}
        placeholder="/var/log/hmtt/*.log"
        onChange={(paths) => onChange({ paths })}
      />
      <WhenFields draft={draft} onChange={onChange} />
      {draft.host === null && (
        <SelectField
          label={t('rotation:form.method')}
          value={draft.method}
          options={[
            ['rename', t('rotation:form.methodRename')],
            ['copytruncate', t('rotation:form.methodCopy')],
          ]}
          onChange={(method) => onChange({ method })}
        />
      )}
      {draft.method === 'copytruncate' && (
        <div className="notice notice-warning" role="status">
          <div className="notice-body">{t('rotation:form.copyWarning')}</div>
        </div>
      )}
      <ReopenFields
        reopen={draft.reopen}
        onHost={draft.host !== null}
        wrong={wrong}
        onChange={(reopen) => onChange({ reopen })}
      />
      <SelectField
        label={t('rotation:form.compress')}
        value={draft.compress}
        options={[
          ['zstd', t(`rotation:form.codec.${codecs.zstd === 'zstd' ? 'zstd' : 'noZstd'}`)],
          ['gzip', t('rotation:form.codec.gzip')],
          ['none', t('rotation:form.codec.none')],
        ]}
        onChange={(compress) => onChange({ compress })}
      />
      <ListField
        label={t('rotation:form.encryptTo')}
        hint={t('rotation:form.encryptHint')}
        error={bad('encryptTo', t('rotation:form.encryptBad'))}
        value={draft.encryptTo}
        rows={1}
        placeholder="age1…"
        onChange={(encryptTo) => onChange({ encryptTo })}
      />
      <KeepFields draft={draft} onChange={onChange} />
      <CheckField
        label={t('rotation:form.enabled')}
        value={draft.enabled}
        onChange={(enabled) => onChange({ enabled })}
      />
      <AdvancedFields draft={draft} wrong={wrong} onChange={onChange} />
    </>
  );
}

type PartProps = Pick<PolicyFieldsProps, 'draft' | 'onChange'>;

function WhenFields({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const { when } = draft;
  const words = scheduleWords(when.schedule);
  // An expression of one's own stays one while it is typed, even when it reads like a usual one.
  const [own, setOwn] = useState(words.kind === 'cron');
  const kind = own ? 'cron' : words.kind;
  const set = (change: Partial<PolicyDraft['when']>): void => onChange({ when: { ...when, ...change } });
  const choose = (next: ScheduleKind): void => {
    setOwn(next === 'cron');
    set({ schedule: next === 'cron' ? (when.schedule ?? '0 3 * * *') : cronOf({ ...words, kind: next }) });
  };
  return (
    <>
      <div className="fields-row">
        <SelectField
          label={t('rotation:form.schedule')}
          value={kind}
          options={(['none', 'hourly', 'daily', 'weekly', 'monthly', 'cron'] as const).map((each) => [
            each,
            t(`rotation:form.scheduleKind.${each}`),
          ])}
          onChange={choose}
        />
        {(kind === 'daily' || kind === 'weekly' || kind === 'monthly') && (
          <TextField
            mono
            label={t('rotation:form.time')}
            value={clockText(words)}
            onChange={(text) => {
              const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
              if (Number(hour) < 24 && Number(minute) < 60)
                set({ schedule: cronOf({ kind, hour: Number(hour), minute: Number(minute) }) });
            }}
          />
        )}
        {kind === 'cron' && (
          <TextField
            mono
            label={t('rotation:form.cron')}
            value={when.schedule ?? ''}
            onChange={(schedule) => set({ schedule })}
          />
        )}
      </div>
      <div className="fields-row">
        <NumberField
          label={t('rotation:form.bytes')}
          unit="MiB"
          value={when.bytes === null ? null : when.bytes / MIB}
          onChange={(value) => set({ bytes: value === null || value <= 0 ? null : Math.round(value * MIB) })}
        />
        <NumberField
          label={t('rotation:form.age')}
          unit={t('rotation:form.days')}
          value={when.ageMs === null ? null : when.ageMs / DAY}
          onChange={(value) => set({ ageMs: value === null || value <= 0 ? null : Math.round(value * DAY) })}
        />
      </div>
    </>
  );
}

function KeepFields({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const { keep } = draft;
  const set = (change: Partial<PolicyDraft['keep']>): void => onChange({ keep: { ...keep, ...change } });
  const whole = (value: number | null): number | null =>
    value === null || value < 1 ? null : Math.floor(value);
  return (
    <>
      <div className="fields-row">
        <NumberField
          label={t('rotation:form.keepDays')}
          unit={t('rotation:form.days')}
          placeholder={t('rotation:form.unlimited')}
          value={keep.days}
          onChange={(value) => set({ days: whole(value) })}
        />
        <NumberField
          label={t('rotation:form.keepCount')}
          unit={t('rotation:form.segments')}
          placeholder={t('rotation:form.unlimited')}
          value={keep.count}
          onChange={(value) => set({ count: whole(value) })}
        />
        <NumberField
          label={t('rotation:form.lockDays')}
          unit={t('rotation:form.days')}
          value={keep.lockDays}
          onChange={(value) => set({ lockDays: whole(value) ?? 0 })}
        />
      </div>
      <div className="row">
        <Button
          kind="quiet"
          onClick={() =>
            set({ lockDays: MLPS_LOCK_DAYS, days: Math.max(keep.days ?? MLPS_LOCK_DAYS, MLPS_LOCK_DAYS) })
          }
        >
          {t('rotation:form.mlps', { days: MLPS_LOCK_DAYS })}
        </Button>
        <span className="soft small">{t('rotation:form.lockHint')}</span>
      </div>
    </>
  );
}
