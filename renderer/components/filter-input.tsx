import { type InputHTMLAttributes, useEffect, useRef, useState } from 'react';

export type FilterInputProps = Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'type' | 'value' | 'onChange' | 'onBlur'
> & {
  /** The text as its owner knows it, usually the address. */
  readonly value: string;
  readonly onText: (text: string) => void;
};

/**
 * A search box whose text is kept elsewhere. The address follows a key later than the next one comes, and so do compositions of an
 * input method: what is typed stands in the box at once, and an own text that comes back late does not replace a newer one.
 */
export function FilterInput({ value, onText, ...given }: FilterInputProps) {
  const [text, setText] = useState(value);
  /** Texts that were handed on and have not come back yet. */
  const underWay = useRef<readonly string[]>([]);
  useEffect(() => {
    const own = underWay.current.indexOf(value);
    underWay.current = own < 0 ? [] : underWay.current.slice(own + 1);
    // Somebody else changed it: a button that clears the filter, a step back.
    if (own < 0) setText(value);
  }, [value]);
  return (
    <input
      {...given}
      type="search"
      value={text}
      onChange={(event) => {
        underWay.current = [...underWay.current, event.target.value];
        setText(event.target.value);
        onText(event.target.value);
      }}
      onBlur={() => {
        // Texts may have been passed over on their way; who comes back finds what is in force.
        underWay.current = [];
        setText(value);
      }}
    />
  );
}
