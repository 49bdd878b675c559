import { Field } from '../../../components/field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

type Words = { readonly zh: string; readonly en: string };

/** A text in both languages, side by side; one of them may stay empty. */
export function WordsField({
  label,
  value,
  rows,
  onChange,
}: {
  readonly label: string;
  readonly value: Words;
  /** Lines of text; a single line when left out. */
  readonly rows?: number;
  readonly onChange: (value: Words) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="words">
      {(['zh', 'en'] as const).map((language) => (
        <Field key={language} label={`${label} · ${t(`recovery:disaster.${language}`)}`}>
          {(field) =>
            rows === undefined ? (
              <input
                {...field}
                className="input"
                value={value[language]}
                maxLength={300}
                onChange={(event) => onChange({ ...value, [language]: event.target.value })}
              />
            ) : (
              <textarea
                {...field}
                className="input"
                rows={rows}
                value={value[language]}
                maxLength={4000}
                onChange={(event) => onChange({ ...value, [language]: event.target.value })}
              />
            )
          }
        </Field>
      ))}
    </div>
  );
}

/** A text of the operator's in the present language, or in the other when that is empty. */
export function useWords(): (words: Words) => string {
  const { i18n } = useTranslation();
  return ({ zh, en }) => (i18n.language === 'en' ? en || zh : zh || en);
}
