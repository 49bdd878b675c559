import { useId } from 'react';
import type { RetentionPolicy } from '#shared/contract/backup-retention.ts';
import { CountField } from '../../../components/count-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DurationSelect } from '../../../wizards/duration-select.tsx';

const counts = ['keepLast', 'keepHourly', 'keepDaily', 'keepWeekly', 'keepMonthly', 'keepYearly'] as const;
const DAY = 86_400_000;
const lengths = [1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825, 3650].map((days) => days * DAY);

export type PolicyFieldsProps = {
  /** Null keeps everything. */
  readonly value: RetentionPolicy | null;
  readonly onChange: (value: RetentionPolicy | null) => void;
  /** What is offered when rules are chosen for the first time. */
  readonly suggested: RetentionPolicy | null;
};

/** Which points a plan keeps: everything, or by rules. */
export function PolicyFields({ value, onChange, suggested }: PolicyFieldsProps) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <fieldset className="choices">
      <legend>{t('plans:protection.retention')}</legend>
      <label className="choice">
        <input type="radio" name={group} checked={value === null} onChange={() => onChange(null)} />
        {t('plans:protection.keepAll')}
      </label>
      <label className="choice">
        <input type="radio" name={group} checked={value !== null} onChange={() => onChange(suggested)} />
        {t('plans:protection.byRules')}
      </label>
      {value !== null && <RuleFields value={value} onChange={onChange} />}
    </fieldset>
  );
}

type RuleFieldsProps = {
  readonly value: RetentionPolicy;
  readonly onChange: (value: RetentionPolicy) => void;
};

function RuleFields({ value, onChange }: RuleFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="field-row">
        {counts.map((rule) => (
          <CountField
            key={rule}
            label={t(`plans:protection.${rule}`)}
            min={0}
            max={10_000}
            value={value[rule]}
            onChange={(count) => onChange({ ...value, [rule]: count })}
          />
        ))}
      </div>
      <div className="field-row">
        <LengthField
          label={t('retention:policy.within')}
          value={value.keepWithinMs}
          onChange={(keepWithinMs) => onChange({ ...value, keepWithinMs })}
        />
        <LengthField
          label={t('retention:policy.minAge')}
          value={value.minAgeMs}
          onChange={(minAgeMs) => onChange({ ...value, minAgeMs })}
        />
        <ZoneField value={value.timeZone} onChange={(timeZone) => onChange({ ...value, timeZone })} />
      </div>
      <label className="choice">
        <input
          type="checkbox"
          checked={value.afterRun}
          onChange={() => onChange({ ...value, afterRun: !value.afterRun })}
        />
        {t('plans:protection.afterRun')}
      </label>
    </>
  );
}

type LengthFieldProps = {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (ms: number | null) => void;
};

/** A length of time: one of the usual ones, the present one, or none. */
function LengthField(field: LengthFieldProps) {
  const { t } = useTranslation();
  return <DurationSelect {...field} usual={lengths} none={t('retention:policy.none')} />;
}

function ZoneField({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (zone: string | null) => void;
}) {
  const { t } = useTranslation();
  const local = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set(['UTC', 'Asia/Shanghai', local, ...(value === null ? [] : [value])])].sort();
  return (
    <SelectField
      label={t('retention:policy.zone')}
      value={value}
      options={[
        [null, t('retention:policy.localZone', { zone: local })],
        ...zones.map((zone) => [zone, zone] as const),
      ]}
      onChange={onChange}
    />
  );
}
