import type { EventPayload } from '#shared/contract/index.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';

/** Lines kept on the screen, and as many again held back while paused. Older ones are found by a search. */
export const TAIL_KEEPS = 5_000;

/** The live tail as the window shows it. */
export type TailState = {
  /** `interrupted`: the engine went away; the tail starts again by itself when it is back. */
  readonly status: 'off' | 'starting' | 'live' | 'interrupted' | 'failed';
  readonly query: string;
  readonly paused: boolean;
  /** Newest first. */
  readonly lines: readonly LogEvent[];
  /** What arrived since the pause, newest first. */
  readonly held: readonly LogEvent[];
  /** Lines that arrived since the start, shown or held. */
  readonly received: number;
  /** Lines that the engine left out because they came too fast; they are searchable. */
  readonly skipped: number;
  /** Lines that left this list because it is full; they are searchable. */
  readonly dropped: number;
  /** How often the engine went away since the start; each time a few lines may be missing here, never in the store. */
  readonly interruptions: number;
  readonly startedAt: number | null;
  readonly error: AppError | null;
};

/** No tail. */
export const tailOff: TailState = {
  status: 'off',
  query: '',
  paused: false,
  lines: [],
  held: [],
  received: 0,
  skipped: 0,
  dropped: 0,
  interruptions: 0,
  startedAt: null,
  error: null,
};

/** Begins a tail of `query`; a pause or lines of an earlier query do not carry over. */
export function tailStarting(query: string, now: number): TailState {
  return { ...tailOff, status: 'starting', query, startedAt: now };
}

/** Takes in a batch as the engine sends it: oldest first. */
export function tailReceived(state: TailState, batch: EventPayload<'logs.tail'>): TailState {
  const fresh = [...batch.events].reverse();
  const grown = [...fresh, ...(state.paused ? state.held : state.lines)];
  const kept = grown.slice(0, TAIL_KEEPS);
  return {
    ...state,
    ...(state.paused ? { held: kept } : { lines: kept }),
    received: state.received + batch.events.length,
    skipped: state.skipped + batch.skipped,
    dropped: state.dropped + grown.length - kept.length,
  };
}

/** Stops the list under the reader's eyes; lines keep arriving and are held. */
export function tailPaused(state: TailState): TailState {
  return { ...state, paused: true };
}

/** Puts what was held on top and goes on. */
export function tailResumed(state: TailState): TailState {
  const grown = [...state.held, ...state.lines];
  const lines = grown.slice(0, TAIL_KEEPS);
  return { ...state, paused: false, lines, held: [], dropped: state.dropped + grown.length - lines.length };
}

/** Takes the lines away; the tail goes on. */
export function tailCleared(state: TailState): TailState {
  return { ...state, lines: [], held: [] };
}
