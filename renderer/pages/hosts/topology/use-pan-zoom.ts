import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** How the sheet lies in its window. */
export type View = { readonly x: number; readonly y: number; readonly scale: number };

const LEAST_SCALE = 0.1;
const MOST_SCALE = 2.5;
const MARGIN = 16;
/** The buttons of the picture lie above it. */
const TOP = 48;

/** The view that shows a whole sheet, not larger than life. */
export function fitView(
  sheet: { readonly width: number; readonly height: number },
  window: { readonly width: number; readonly height: number },
): View {
  const scale = Math.min(
    1,
    (window.width - 2 * MARGIN) / Math.max(1, sheet.width),
    (window.height - TOP - MARGIN) / Math.max(1, sheet.height),
  );
  const bounded = Math.max(LEAST_SCALE, scale);
  return { x: Math.max(MARGIN, (window.width - sheet.width * bounded) / 2), y: TOP, scale: bounded };
}

/** Zooms about a point of the window, which stays where it is. */
export function zoomAbout(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, scale };
}

/**
 * Panning and zooming without React: each movement writes one transform, so that three hundred nodes are moved by the
 * compositor and drawn by nobody.
 */
export function usePanZoom(
  frame: RefObject<HTMLElement | null>,
  sheet: RefObject<HTMLElement | null>,
  size: { readonly width: number; readonly height: number },
) {
  const view = useRef<View>({ x: MARGIN, y: MARGIN, scale: 1 });
  const latest = useRef(size);
  latest.current = size;

  const put = useCallback(
    (next: View): void => {
      view.current = next;
      const { x, y, scale } = next;
      if (sheet.current) sheet.current.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    },
    [sheet],
  );
  const showAll = useCallback((): void => {
    const box = frame.current?.getBoundingClientRect();
    if (box) put(fitView(latest.current, box));
  }, [frame, put]);
  const zoom = useCallback(
    (factor: number): void => {
      const box = frame.current?.getBoundingClientRect();
      if (box) put(zoomAbout(view.current, factor, { x: box.width / 2, y: box.height / 2 }));
    },
    [frame, put],
  );
  /** Brings a node into the window, moving no more than needed. */
  const reveal = useCallback(
    (node: { x: number; y: number; width: number; height: number }): void => {
      const box = frame.current?.getBoundingClientRect();
      if (!box) return;
      const { x, y, scale } = view.current;
      const move = (offset: number, at: number, length: number, room: number): number => {
        const start = offset + at * scale;
        const end = start + length * scale;
        if (start < MARGIN) return offset + MARGIN - start;
        return end > room - MARGIN ? offset - (end - room + MARGIN) : offset;
      };
      put({ x: move(x, node.x, node.width, box.width), y: move(y, node.y, node.height, box.height), scale });
    },
    [frame, put],
  );

  // Another width, e.g. beside the facts of a chosen node, shows all of it again.
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(showAll);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, showAll]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let drag: { readonly pointer: number; readonly x: number; readonly y: number; moved: boolean } | null =
      null;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      put(zoomAbout(view.current, 1.0015 ** -event.deltaY, at));
    };
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      drag = {
        pointer: event.pointerId,
        x: event.clientX - view.current.x,
        y: event.clientY - view.current.y,
        moved: false,
      };
    };
    const onMove = (event: PointerEvent): void => {
      if (drag?.pointer !== event.pointerId) return;
      const next = { ...view.current, x: event.clientX - drag.x, y: event.clientY - drag.y };
      // A click that trembles is a click.
      if (!drag.moved && Math.hypot(next.x - view.current.x, next.y - view.current.y) < 4) return;
      if (!drag.moved) element.setPointerCapture(event.pointerId);
      drag.moved = true;
      put(next);
    };
    const onUp = (): void => {
      drag = null;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
    };
  }, [frame, put]);

  return { showAll, zoom, reveal };
}
