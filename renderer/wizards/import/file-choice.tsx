import { useId } from 'react';
import { useTranslation } from '../../locales/use-translation.ts';

export type FileChoiceProps = {
  /** What is to be chosen; also the name of the control. */
  readonly label: string;
  /** Endings and types that the dialog offers, as the `accept` of an input takes them. */
  readonly accept: string;
  readonly multiple?: boolean;
  /** What was chosen so far; empty before. */
  readonly chosen: string;
  readonly onChoose: (files: readonly File[]) => void;
};

/**
 * Chooses files by a button that speaks the language of the window: the control of the browser speaks that of the
 * system. The control itself is there for the keyboard and for screen readers.
 */
export function FileChoice({ label, accept, multiple = false, chosen, onChoose }: FileChoiceProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="row file-choice">
      <input
        id={id}
        className="visually-hidden"
        type="file"
        aria-label={label}
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file, corrected, is to be taken again: the control would not tell of it.
          event.target.value = '';
          if (files.length > 0) onChoose(files);
        }}
      />
      <label htmlFor={id} className={`btn${chosen === '' ? ' btn-primary' : ''}`}>
        {label}
      </label>
      <span className={chosen === '' ? 'soft' : ''}>{chosen === '' ? t('imports:noFile') : chosen}</span>
    </div>
  );
}
