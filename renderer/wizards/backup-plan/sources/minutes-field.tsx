import { Field } from '../../../components/field.tsx';

const MINUTE = 60_000;

type MinutesFieldProps = {
  readonly label: string;
  readonly ms: number;
  readonly set: (ms: number) => void;
};

/** A number of minutes from one to a day. */
export function MinutesField({ label, ms, set }: MinutesFieldProps) {
  return (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          className="input figure"
          type="number"
          min={1}
          max={1440}
          value={Math.max(1, Math.round(ms / MINUTE))}
          onChange={(event) =>
            set(Math.min(1440, Math.max(1, Math.round(Number(event.target.value)))) * MINUTE)
          }
        />
      )}
    </Field>
  );
}
