import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

export type MenuProps = {
  /** What the button is called; also its title. */
  readonly label: string;
  readonly children: ReactNode;
  /** What stands on the button. */
  readonly face: ReactNode;
  readonly className?: string;
};

/** Space to the window's edge, pixels. */
const EDGE = 8;

/**
 * A button with a list of things to do under it. The list is a native popover: it floats over everything, Esc and a
 * click elsewhere close it, and the arrow keys move through it.
 */
export function Menu({ label, children, face, className = 'btn btn-quiet icon-btn' }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = (): void => {
    const from = button.current?.getBoundingClientRect();
    const box = list.current;
    if (!from || !box) return;
    const left = Math.min(from.left, innerWidth - box.offsetWidth - EDGE);
    const below = from.bottom + 2;
    const above = from.top - box.offsetHeight - 2;
    box.style.left = `${Math.max(EDGE, left)}px`;
    box.style.top = `${below + box.offsetHeight > innerHeight - EDGE ? Math.max(EDGE, above) : below}px`;
  };
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled), a')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
    event.preventDefault();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        popoverTarget={id}
      >
        {face}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the buttons inside. */}
      <div
        ref={list}
        id={id}
        popover="auto"
        className="menu"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          place();
          list.current?.querySelector<HTMLElement>('button:not(:disabled), a')?.focus();
        }}
        onKeyDown={move}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('button, a'))
            list.current?.hidePopover();
        }}
      >
        {children}
      </div>
    </>
  );
}
