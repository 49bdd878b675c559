import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useFloating } from './floating-store.ts';
import { pageIds, pagePath } from './page-module.ts';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}

/** Keys that work everywhere: Ctrl K, F1, `?`, `/` to the filter, Alt 1 – 8 to a page. */
export function useFrameKeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        useFloating.setState({ open: 'palette' });
      } else if (event.key === 'F1') {
        event.preventDefault();
        useFloating.setState({ open: 'help' });
      } else if (event.altKey && /^[1-8]$/.test(event.key)) {
        const id = pageIds[Number(event.key) - 1];
        if (id) {
          event.preventDefault();
          void navigate(pagePath(id));
        }
      } else if (!command && !event.altKey && !isTyping(event.composedPath()[0] ?? null)) {
        // The path begins inside a shadow root, such as the expression editor's, where the target would be its host.
        if (event.key === '?') useFloating.setState({ open: 'keys' });
        else if (event.key === '/') {
          const filter = document.querySelector<HTMLInputElement>('[data-filter]');
          if (filter) {
            event.preventDefault();
            filter.focus();
          }
        }
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);
}
