/** Offsets change at most once in a quarter of an hour, and on its edge. */
export const OFFSET_SLOT_MS = 15 * 60_000;
const MOST_KNOWN = 4096;

/** How far the clocks on the walls of a zone are ahead of UTC at a moment, in milliseconds. */
export type ZoneOffset = (utcMs: number) => number;

const zones = new Map<string, ZoneOffset>();

/** True for names of time zones that this runtime knows, such as `Asia/Shanghai`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // The constructor's only way to say "unknown zone" is to throw.
    return false;
  }
}

/** The offsets of a time zone of the IANA database. Throws RangeError when the name is not one: ask {@link isTimeZone} first. */
export function zoneOffset(timeZone: string): ZoneOffset {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const made = makeOffset(timeZone);
  zones.set(timeZone, made);
  return made;
}

function makeOffset(timeZone: string): ZoneOffset {
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC' || timeZone === 'GMT') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  return (utcMs) => {
    const slot = Math.floor(utcMs / OFFSET_SLOT_MS);
    const cached = offsets.get(slot);
    if (cached !== undefined) return cached;
    const parts = new Map(
      format.formatToParts(slot * OFFSET_SLOT_MS).map(({ type, value }) => [type, Number(value)]),
    );
    const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(
      get('year'),
      get('month') - 1,
      get('day'),
      get('hour'),
      get('minute'),
      get('second'),
    );
    const offset = wall - slot * OFFSET_SLOT_MS;
    if (offsets.size >= MOST_KNOWN) offsets.clear();
    offsets.set(slot, offset);
    return offset;
  };
}
