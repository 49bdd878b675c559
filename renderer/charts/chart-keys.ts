/** What a key does on a chart that has the focus. */
export type ChartKey =
  | { readonly does: 'step'; readonly by: number }
  | { readonly does: 'pan'; readonly by: number }
  | { readonly does: 'scale'; readonly by: number }
  | { readonly does: 'edge'; readonly at: 'first' | 'last' }
  | { readonly does: 'back' | 'reset' | 'logs' | 'leave' };

type KeyPressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * Arrows move the crosshair (with Ctrl ten steps), with Shift the time range by a quarter; plus and minus zoom around
 * the crosshair, Backspace goes back, 0 resets, L opens the logs of that time, Esc takes the crosshair away.
 */
export function chartKey(event: KeyPressed): ChartKey | null {
  if (event.altKey || event.metaKey) return null;
  const sign = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (sign !== 0) {
    return event.shiftKey
      ? { does: 'pan', by: sign * 0.25 }
      : { does: 'step', by: sign * (event.ctrlKey ? 10 : 1) };
  }
  if (event.ctrlKey) return null;
  switch (event.key) {
    case 'Home':
      return { does: 'edge', at: 'first' };
    case 'End':
      return { does: 'edge', at: 'last' };
    case '+':
    case '=':
      return { does: 'scale', by: 0.5 };
    case '-':
      return { does: 'scale', by: 2 };
    case 'Backspace':
      return { does: 'back' };
    case '0':
      return { does: 'reset' };
    case 'l':
    case 'L':
      return { does: 'logs' };
    case 'Escape':
      return { does: 'leave' };
    default:
      return null;
  }
}

/** The shortest span that a chart zooms to, milliseconds. */
export const SHORTEST_SPAN = 5_000;

/** A range `factor` times as long around a time, which keeps its place on the screen. Whole milliseconds. */
export function scaledSpan(
  start: number,
  end: number,
  factor: number,
  around: number,
): { readonly start: number; readonly end: number } {
  const length = Math.max(SHORTEST_SPAN, (end - start) * factor);
  const share = Math.min(1, Math.max(0, (around - start) / Math.max(1, end - start)));
  const from = Math.max(1, Math.round(around - length * share));
  return { start: from, end: from + Math.round(length) };
}
