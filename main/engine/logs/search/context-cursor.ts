import type { LogContextScope } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { readCursorText, writeCursorText } from './cursor-text.ts';
import type { Place } from './events.ts';

/** On which side of an event others are looked for. */
export type Side = 'before' | 'after';

/** Where the lines around an event ended on one side, and what they went by. */
export type ContextCursor = {
  readonly of: LogContextScope;
  readonly side: Side;
  /** Of the last event shown; its time is a moment by this workstation's clock, and without meaning in a log of its own. */
  readonly place: Place;
  /** When the clocks were looked at. */
  readonly asOf: number;
};

/** Writes a cursor as a short text. */
export function writeContextCursor({ of, side, place, asOf }: ContextCursor): string {
  return writeCursorText([of, side, place.time, place.key, place.offset, asOf]);
}

/** Reads a cursor back. @returns LOG_CURSOR_INVALID when it is none, or one of other lines */
export function readContextCursor(
  text: string | undefined,
  of: LogContextScope,
): Result<ContextCursor | null> {
  if (text === undefined) return ok(null);
  const invalid = err(appError('LOG_CURSOR_INVALID'));
  const value = readCursorText(text);
  if (value === null) return invalid;
  const [scope, side, time, key, offset, asOf] = value;
  if (scope !== of || (side !== 'before' && side !== 'after') || typeof key !== 'string') return invalid;
  if (!Number.isSafeInteger(time) || !Number.isSafeInteger(offset) || !Number.isSafeInteger(asOf))
    return invalid;
  // Just checked, which the checker does not take from `isSafeInteger`.
  const numbers = { time, offset, asOf } as { time: number; offset: number; asOf: number };
  return ok({ of, side, place: { time: numbers.time, key, offset: numbers.offset }, asOf: numbers.asOf });
}
