import { useEffect, useState } from 'react';
import { TextAreaField } from './text-area-field.tsx';

/** The lines of a text that say something, without the blanks around them. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

type ListFieldProps = {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | null | undefined;
  readonly value: readonly string[];
  /** Two when left out. */
  readonly rows?: number;
  readonly placeholder?: string;
  readonly onChange: (value: string[]) => void;
};

/** Several texts, one a line, with their label. Empty lines and blanks around a line stay in the field and are not handed on. */
export function ListField({ value, rows = 2, onChange, ...rest }: ListFieldProps) {
  const [text, setText] = useState(() => value.join('\n'));
  // What is set from elsewhere replaces what was typed; what was typed keeps its empty lines.
  useEffect(() => {
    setText((old) => (linesOf(old).join('\n') === value.join('\n') ? old : value.join('\n')));
  }, [value]);
  return (
    <TextAreaField
      {...rest}
      rows={rows}
      value={text}
      onChange={(typed) => {
        setText(typed);
        onChange(linesOf(typed));
      }}
    />
  );
}
