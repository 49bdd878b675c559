/** Turns a wall-clock reading in one zone into UTC milliseconds. */
export type ZoneClock = {
  readonly name: string;
  /** @param wallMs the reading, as if it were UTC (`Date.UTC(year, month, …)`) */
  readonly toUtc: (wallMs: number) => number;
};

/** Offsets change at most once in a quarter of an hour. */
const CACHE_MS = 15 * 60_000;
const CACHE_SIZE = 4096;

/** The workstation's own zone. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Says whether a name is a zone of this runtime's time-zone data. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // The constructor's only way to say "unknown zone" is to throw.
    return false;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone; empty means the workstation's own. Throws when the zone is unknown: ask {@link isZone} first. */
export function zoneClock(name: string): ZoneClock {
  const zone = name === '' ? localZone() : name;
  const known = clocks.get(zone);
  if (known) return known;
  const made = makeClock(zone);
  clocks.set(zone, made);
  return made;
}

function makeClock(zone: string): ZoneClock {
  if (zone === 'UTC' || zone === 'Etc/UTC' || zone === 'GMT')
    return { name: zone, toUtc: (wallMs) => wallMs };
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  const offsetAt = (utcMs: number): number => {
    const slot = Math.floor(utcMs / CACHE_MS);
    const cached = offsets.get(slot);
    if (cached !== undefined) return cached;
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(slot * CACHE_MS)) parts[part.type] = Number(part.value);
    const wall = Date.UTC(
      parts.year ?? 0,
      (parts.month ?? 1) - 1,
      parts.day ?? 1,
      parts.hour ?? 0,
      parts.minute ?? 0,
      parts.second ?? 0,
    );
    const offset = wall - slot * CACHE_MS;
    if (offsets.size >= CACHE_SIZE) offsets.clear();
    offsets.set(slot, offset);
    return offset;
  };
  return {
    name: zone,
    // The offset is asked for at a guess and again at the corrected time, which settles both sides of a change.
    toUtc: (wallMs) => wallMs - offsetAt(wallMs - offsetAt(wallMs)),
  };
}
