import type { AppError } from '#shared/errors/index.ts';
import type { SourceStatus } from '../messages.ts';
import type { SourceTail } from '../tail/source.ts';

/**
 * What an operator sees of a source.
 *
 * @param trouble what keeps all lines from being stored at present
 * @param lastEventAt the newest time of a stored line; null when none is kept
 */
export function statusOf(
  tail: SourceTail,
  trouble: AppError | null,
  lastEventAt: number | null,
): SourceStatus {
  const files: SourceStatus['files'] = tail.files.map((file) => ({
    path: file.path,
    sizeBytes: file.size,
    // How far it is stored, not how far it was read: what was received or fetched is removed by it.
    offset: tail.known.get(file.key)?.offset ?? 0,
    lines: file.lines,
    state: file.standing,
    error: file.notice,
  }));
  for (const [path, error] of tail.errors)
    files.push({ path, sizeBytes: 0, offset: 0, lines: 0, state: 'error', error });
  const error = trouble ?? files.find((file) => file.state === 'error')?.error ?? null;
  const detected = tail.files.map((file) => file.guess.format).findLast((format) => format !== null);
  return {
    id: tail.source.id,
    detectedFormat: tail.source.format === 'auto' ? (detected ?? null) : null,
    state: error !== null ? 'error' : tail.files.length === 0 ? 'waiting' : 'ok',
    error,
    files,
    lines: [...tail.known.values()].reduce((sum, position) => sum + position.lines, 0),
    lastEventAt,
    lagBytes: tail.files.reduce((sum, file) => sum + file.lag, 0),
  };
}

const RATE_WINDOW_MS = 5000;

/** How many lines a second were stored lately; times are those of the monotonic clock. */
export class LineRate {
  #entries: { readonly at: number; readonly lines: number }[] = [];

  add(at: number, lines: number): void {
    this.#entries.push({ at, lines });
  }

  perSecond(now: number): number {
    this.#entries = this.#entries.filter((entry) => now - entry.at <= RATE_WINDOW_MS);
    return this.#entries.reduce((sum, entry) => sum + entry.lines, 0) / (RATE_WINDOW_MS / 1000);
  }
}
