import { Field } from '../../../components/field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Units that are offered; any id of the display units can be typed. */
const OFFERED = [
  '',
  'short',
  'percent',
  'percentunit',
  'bytes',
  'decbytes',
  'binBps',
  'Bps',
  'bps',
  's',
  'ms',
  'd',
  'reqps',
  'ops',
  'iops',
  'hertz',
  'celsius',
  'watt',
  'volt',
] as const;

export type UnitFieldProps = { readonly value: string; readonly onChange: (unit: string) => void };

/** The unit of a panel's values: one of those offered, or the id of another. */
export function UnitField({ value, onChange }: UnitFieldProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('dashboards:option.unit')} hint={t('dashboards:option.unitHint')}>
      {(props) => (
        <>
          <input
            {...props}
            className="input mono"
            list={`${props.id}-units`}
            value={value}
            maxLength={100}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <datalist id={`${props.id}-units`}>
            {OFFERED.map((unit) => (
              <option key={unit} value={unit} label={t(`dashboards:unit.${unit || 'none'}`)} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
