import { TextField } from '../../components/text-field.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

type WhoFieldProps = {
  readonly by: string;
  readonly setBy: (by: string) => void;
  /** True where typing begins, because nobody is known yet. */
  readonly isFirst?: boolean;
};

/** Who does it, as it stands in the history. */
export function WhoField({ by, setBy, isFirst = false }: WhoFieldProps) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('alerts:who')}
      name="by"
      maxLength={80}
      autoFocus={isFirst}
      value={by}
      onChange={setBy}
    />
  );
}
