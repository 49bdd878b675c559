import { useTranslation } from '../../locales/use-translation.ts';
import { DurationSelect } from '../duration-select.tsx';

const HOUR = 3_600_000;
const choices = [1, 2, 4, 8, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);

type DurationFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number | null;
  readonly onChange: (ms: number | null) => void;
};

/** An objective: one of the usual durations, the present one, or none. */
export function DurationField(field: DurationFieldProps) {
  const { t } = useTranslation();
  return <DurationSelect {...field} usual={choices} none={t('backups:wizard.noObjective')} />;
}
