import { type RefObject, useEffect, useState } from 'react';

/** Panels this far below the window are asked for already, so that scrolling finds them filled. */
const MARGIN = '160px 0px';

/** Whether an element is in view, or nearly. */
export function useInView(place: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const watcher = new IntersectionObserver(
      (entries) => setSeen(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: MARGIN },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place]);
  return seen;
}
