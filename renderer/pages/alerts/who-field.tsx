import { Field } from '../../components/field.tsx';
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
    <Field label={t('alerts:who')}>
      {(field) => (
        <input
          {...field}
          className="input"
          name="by"
          maxLength={80}
          data-autofocus={isFirst ? true : undefined}
          value={by}
          onChange={(event) => setBy(event.target.value)}
        />
      )}
    </Field>
  );
}
