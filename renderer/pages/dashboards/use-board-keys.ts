import { useEffect, useRef } from 'react';
import type { BoardParams } from './use-board-params.ts';
import type { Draft } from './use-draft.ts';

/** Whether the keyboard belongs to a field, also to one inside a shadow root. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable="true"]',
    ) !== null
  );
}

/** Keys of a dashboard: Esc goes back from what is shown large, E edits, Ctrl Z and Ctrl Shift Z undo and redo. */
export function useBoardKeys(params: BoardParams, draft: Draft, builtIn: boolean): void {
  const latest = useRef({ params, draft });
  latest.current = { params, draft };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { params: now, draft: changed } = latest.current;
      if (event.defaultPrevented || isTyping(event)) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (event.key === 'Escape') {
        if (document.querySelector('dialog[open], [popover]:popover-open') !== null) return;
        if (now.full !== null) now.setFull(null);
        else if (now.panel !== null) now.setPanel(null);
        else return;
      } else if (now.editing && command && key === 'z' && !event.shiftKey) changed.undo();
      else if (now.editing && command && (key === 'y' || (key === 'z' && event.shiftKey))) changed.redo();
      else if (!now.editing && !builtIn && !command && !event.altKey && key === 'e') now.setEditing(true);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [builtIn]);
}
