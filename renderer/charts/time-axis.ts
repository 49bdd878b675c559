const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Labels of a time axis in local time, the same in both languages: the date where the day changes (and at the
 * first tick of a span longer than a day), seconds only where ticks are closer than a minute. On one line, the date
 * stands in the time's place where the day changes.
 */
export function timeLabels(
  ticks: readonly number[],
  incrementSeconds: number,
  oneLine = false,
): readonly string[] {
  let day = '';
  return ticks.map((tick, index) => {
    const date = new Date(tick * 1000);
    const today = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const changed = today !== day && (index > 0 || incrementSeconds >= 3_600);
    day = today;
    if (incrementSeconds >= 86_400) return today;
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
    const time = incrementSeconds < 60 ? `${clock}:${two(date.getSeconds())}` : clock;
    if (oneLine) return changed && index > 0 ? today : time;
    return changed ? `${time}\n${today}` : time;
  });
}
