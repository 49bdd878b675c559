import type { Logger } from '../engine/platform/logger.ts';

/** What the page tried and was refused. */
export type RefusalKind =
  | 'navigation'
  | 'redirect'
  | 'new-window'
  | 'webview'
  | 'permission'
  | 'device'
  | 'download'
  | 'request'
  | 'certificate'
  | 'login'
  | 'policy'
  | 'file'
  | 'ipc-sender'
  | 'ipc-method'
  | 'ipc-payload'
  | 'ipc-channel';

/** Records one refusal. `target` is what was tried, cut to a bounded length. */
export type Refuse = (kind: RefusalKind, target: string, fields?: Readonly<Record<string, unknown>>) => void;

const WINDOW_MS = 10_000;
const PER_WINDOW = 200;
const TARGET_LENGTH = 500;

/**
 * Writes refusals to the log, at most 200 in 10 s: a page gone wild must not wash everything else out of the log.
 * What was left out is counted in the next line that gets through.
 */
export function refusalLog(log: Logger, now: () => number): Refuse {
  let windowStart = Number.NEGATIVE_INFINITY;
  let inWindow = 0;
  let leftOut = 0;
  return (kind, target, fields = {}) => {
    if (now() - windowStart >= WINDOW_MS) {
      windowStart = now();
      inWindow = 0;
    }
    if (inWindow >= PER_WINDOW) {
      leftOut += 1;
      return;
    }
    inWindow += 1;
    const missing = leftOut > 0 ? { leftOut } : {};
    leftOut = 0;
    log.log('warn', 'refused', { kind, target: target.slice(0, TARGET_LENGTH), ...fields, ...missing });
  };
}
