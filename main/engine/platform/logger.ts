/** How much a line of the console's own log matters. */
export type LogSeverity = 'debug' | 'info' | 'warn' | 'error';

/** The console's own log. Fields are plain values; never put a secret in one. */
export type Logger = {
  readonly log: (severity: LogSeverity, message: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** The same log with a part name in front. */
  readonly child: (part: string) => Logger;
};

/** Writes one JSON object a line, through `write`. */
export function jsonLogger(write: (line: string) => void, now: () => number, part = 'engine'): Logger {
  return {
    log: (severity, message, fields = {}) => {
      write(
        `${JSON.stringify({ time: new Date(now()).toISOString(), level: severity, part, message, ...fields })}\n`,
      );
    },
    child: (name) => jsonLogger(write, now, `${part}.${name}`),
  };
}
