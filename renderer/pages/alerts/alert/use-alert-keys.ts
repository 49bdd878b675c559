import { useEffect, useRef } from 'react';

/** Keys of an alert's page: `a` acknowledges, `s` silences; not while something is typed or floats. */
export function useAlertKeys(keys: { readonly acknowledge: () => void; readonly silence: () => void }): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || !(target instanceof HTMLElement)) return;
      if (target.closest('input, textarea, select, dialog, [contenteditable="true"]') !== null) return;
      const key = event.key.toLowerCase();
      if (key === 'a') latest.current.acknowledge();
      else if (key === 's') latest.current.silence();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
