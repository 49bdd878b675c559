import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** An error that was written into the console's own log, and how often of late. */
export type WatchedError = {
  readonly part: string;
  readonly message: string;
  readonly code: string | null;
  readonly detail: string;
  readonly count: number;
  readonly firstAt: number;
};

/** A log, and what it was told of errors within the last hour. */
export type WatchedLogger = { readonly logger: Logger; readonly errors: () => readonly WatchedError[] };

const REMEMBERED_MS = 3_600_000;
const MOST_KINDS = 50;
const LONGEST_DETAIL = 300;

/**
 * Remembers the errors that go through a log, so that none of them is only written down: whoever has no better way to say
 * that something failed logs an error, and that is told, too. Lines of the same part with the same words are one error.
 */
export function watchErrors(inner: Logger, clock: Clock): WatchedLogger {
  const errors = new Map<string, WatchedError & { readonly lastAt: number }>();
  const note = (part: string, message: string, fields: Readonly<Record<string, unknown>>): void => {
    const key = `${part}\0${message}`;
    const known = errors.get(key);
    const now = clock.now();
    errors.delete(key);
    errors.set(key, {
      part,
      message,
      code: typeof fields.code === 'string' ? fields.code : null,
      detail: detailOf(fields),
      count: (known?.count ?? 0) + 1,
      firstAt: known?.firstAt ?? now,
      lastAt: now,
    });
    const [oldest] = errors.keys();
    if (errors.size > MOST_KINDS && oldest !== undefined) errors.delete(oldest);
  };
  const wrap = (logger: Logger, part: string): Logger => ({
    log: (severity, message, fields = {}) => {
      if (severity === 'error') note(part, message, fields);
      logger.log(severity, message, fields);
    },
    child: (name) => wrap(logger.child(name), part === '' ? name : `${part}.${name}`),
  });
  return {
    logger: wrap(inner, ''),
    errors: () => {
      const now = clock.now();
      for (const [key, { lastAt }] of errors) if (now - lastAt > REMEMBERED_MS) errors.delete(key);
      return [...errors.values()].map(({ lastAt: _lastAt, ...error }) => error);
    },
  };
}

/** The field that says what went wrong, by the names that such fields have. */
function detailOf(fields: Readonly<Record<string, unknown>>): string {
  const text = [fields.what, fields.why, fields.thrown, fields.detail, fields.code].find(
    (value) => typeof value === 'string' && value !== '',
  );
  return String(text ?? '').slice(0, LONGEST_DETAIL);
}
