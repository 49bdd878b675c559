import { CountField } from '../../../components/count-field.tsx';

const MINUTE = 60_000;

type MinutesFieldProps = {
  readonly label: string;
  readonly ms: number;
  readonly set: (ms: number) => void;
};

/** A number of minutes from one to a day. */
export function MinutesField({ label, ms, set }: MinutesFieldProps) {
  return (
    <CountField
      label={label}
      min={1}
      max={1440}
      value={Math.max(1, Math.round(ms / MINUTE))}
      onChange={(minutes) => set(minutes * MINUTE)}
    />
  );
}
