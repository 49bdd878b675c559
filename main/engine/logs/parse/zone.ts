import { zoneOffset } from '#shared/domain/zone-offset.ts';

/** Turns a wall-clock reading in one zone into UTC milliseconds. */
export type ZoneClock = {
  readonly name: string;
  /** @param wallMs the reading, as if it were UTC (`Date.UTC(year, month, …)`) */
  readonly toUtc: (wallMs: number) => number;
};

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

/** The clock of a zone; empty means the workstation's own. Throws when the zone is unknown: ask {@link isZone} first. */
export function zoneClock(name: string): ZoneClock {
  const zone = name === '' ? localZone() : name;
  const offsetAt = zoneOffset(zone);
  return {
    name: zone,
    // The offset is asked for at a guess and again at the corrected time, which settles both sides of a change.
    toUtc: (wallMs) => wallMs - offsetAt(wallMs - offsetAt(wallMs)),
  };
}
