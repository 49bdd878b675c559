import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export type OverlayProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** A drawer stands at the right edge, a dialog in the middle. */
  readonly kind?: 'drawer' | 'dialog';
};

/** What floats: a native modal dialog, so that focus is kept inside, Esc closes and focus returns afterwards. */
export function Overlay({ title, onClose, children, kind = 'drawer' }: OverlayProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // A native dialog focuses its first button, which here would be Close.
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop is a second way; Esc is the keyboard's.
    <dialog
      ref={dialog}
      className={`overlay overlay-${kind}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="overlay-box">
        <div className="overlay-head">
          <h2 id={heading}>{title}</h2>
          <Button kind="quiet" aria-label={t('common:action.close')} onClick={onClose}>
            <Icon name="close" />
          </Button>
        </div>
        <div className="overlay-body">{children}</div>
      </div>
    </dialog>
  );
}
