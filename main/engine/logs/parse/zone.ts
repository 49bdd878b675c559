import { isTimeZone, zoneOffset } from '#shared/domain/zone-offset.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** Turns a wall-clock reading in one zone into UTC milliseconds. */
export type ZoneClock = {
  readonly name: string;
  /** @param wallMs the reading, as if it were UTC (`Date.UTC(year, month, …)`) */
  readonly toUtc: (wallMs: number) => number;
};

/** The workstation's own zone. */
function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Checks a zone that somebody gave: the workstation's own when empty, and LOG_ZONE_UNKNOWN when there is none of the name. */
export function checkZone(zone: string): Result<object> {
  return zone === '' || isTimeZone(zone)
    ? ok({})
    : err(appError('LOG_ZONE_UNKNOWN', { zone }, { field: 'zone' }));
}

/** The clock of a zone; empty means the workstation's own. Throws when the zone is unknown: ask {@link checkZone} first. */
export function zoneClock(name: string): ZoneClock {
  const zone = name === '' ? localZone() : name;
  const offsetAt = zoneOffset(zone);
  return {
    name: zone,
    // The offset is asked for at a guess and again at the corrected time, which settles both sides of a change.
    toUtc: (wallMs) => wallMs - offsetAt(wallMs - offsetAt(wallMs)),
  };
}
