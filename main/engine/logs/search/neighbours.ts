import type { AppError } from '#shared/errors/index.ts';
import type { StoredLine } from '../model.ts';
import type { DayReader } from '../store/day-reader.ts';
import type { LineOrigin } from '../store/heads.ts';
import type { Place } from './events.ts';

/** An event around another one, at its place in the order of what is shown. */
export type Neighbour = { readonly place: Place; readonly line: StoredLine; readonly origin: LineOrigin };

/** Days of which something could not be read, each with the first reason. */
export type Unread = Map<string, AppError>;

/** Notes why something of a day could not be read, unless a reason is known. */
export function noteUnread(unread: Unread, { day }: DayReader, error: AppError): void {
  if (!unread.has(day)) unread.set(day, error);
}
