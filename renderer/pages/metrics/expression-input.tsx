import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { nameAtCaret, withName } from './complete.ts';

export type ExpressionInputProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
};

const OFFERED = 10;

/** A line for an expression that offers metric names while one is typed: arrows choose, Tab or Enter takes. */
export function ExpressionInput({ label, value, onChange, onRun }: ExpressionInputProps) {
  const { t } = useTranslation();
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const at = caret === null ? null : nameAtCaret(value, caret);
  const wanted = at !== null && at.word.length >= 2;
  const names = useRequest(
    'metrics.names',
    { contains: at?.word ?? '', limit: OFFERED },
    { enabled: wanted },
  );
  const offered = wanted ? (names.data?.names ?? []).filter(({ name }) => name !== at.word) : [];
  const open = offered.length > 0;

  const take = (name: string): void => {
    if (at === null) return;
    const next = withName(value, at, name);
    onChange(next.text);
    setCaret(null);
    setChosen(null);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  };
  const onKey = (event: KeyboardEvent): void => {
    const picked = chosen === null ? undefined : offered[chosen];
    if (event.key === 'ArrowDown' && open)
      setChosen(chosen === null ? 0 : Math.min(offered.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp' && open) setChosen(chosen === null || chosen === 0 ? null : chosen - 1);
    else if (event.key === 'Escape' && open) setCaret(null);
    else if (event.key === 'Enter' && open && picked) take(picked.name);
    else if (event.key === 'Tab' && !event.shiftKey && open && picked) take(picked.name);
    else if (event.key === 'Enter') {
      setCaret(null);
      onRun();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="expression-input">
      <input
        ref={input}
        className="input mono"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen === null ? undefined : `${list}-${chosen}`}
        placeholder={t('metrics:placeholder')}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
          setChosen(null);
        }}
        onKeyDown={onKey}
        onBlur={() => setCaret(null)}
      />
      <div id={list} role="listbox" aria-label={t('metrics:explorer')} className="offered" hidden={!open}>
        {offered.map((item, index) => (
          <div
            key={item.name}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="palette-option"
            onPointerDown={(event) => {
              // Before the blur, which would close the list.
              event.preventDefault();
              take(item.name);
            }}
          >
            <span className="mono">{item.name}</span>
            <span className="soft small">{t(`metrics:type.${item.type}`)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
