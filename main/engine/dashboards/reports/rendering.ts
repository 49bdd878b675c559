import { randomUUID } from 'node:crypto';
import type { DashboardView } from '#shared/contract/dashboard-reports.ts';
import type { CallContext } from '#shared/contract/index.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Timers } from '../../platform/timers.ts';

type Language = 'zh-CN' | 'en';

/** Views that printing windows ask for, by id; they are kept for some minutes. */
export type Views = {
  readonly put: (view: DashboardView) => string;
  readonly get: (id: string) => DashboardView | null;
};

const VIEW_MS = 10 * 60_000;
const MOST_VIEWS = 500;

/** Keeps views in memory. */
export function createViews(timers: Timers): Views {
  const kept = new Map<string, DashboardView>();
  return {
    put: (view) => {
      const id = randomUUID();
      kept.set(id, view);
      const [oldest] = kept.keys();
      if (kept.size > MOST_VIEWS && oldest !== undefined) kept.delete(oldest);
      timers.after(VIEW_MS, () => kept.delete(id));
      return id;
    },
    get: (id) => kept.get(id) ?? null,
  };
}

/** The way to a program that lays pages out: the desktop shell says that it is one, and answers when it is asked. */
export type Rendering = {
  readonly serve: (context: Pick<CallContext, 'emit' | 'closed'>) => void;
  readonly isServed: () => boolean;
  /** The PDF of a view; REPORT_NO_WINDOW when nobody is there to lay it out. */
  readonly render: (view: string, language: Language, signal: AbortSignal) => Promise<Result<Buffer>>;
  /** @returns false when nobody waits for it */
  readonly answer: (
    id: string,
    answer: { readonly ok: true; readonly pdf: string } | { readonly ok: false; readonly error: AppError },
  ) => boolean;
};

/** How long laying one dashboard out may take, milliseconds. The shell gives up before. */
const RENDER_MS = 120_000;

/** Makes the way; the shell that came last is asked. */
export function createRendering(timers: Timers): Rendering {
  const servers = new Set<Pick<CallContext, 'emit' | 'closed'>>();
  const waiting = new Map<string, (answer: Result<Buffer>) => void>();
  return {
    serve: (context) => {
      if (context.closed.aborted) return;
      servers.add(context);
      context.closed.addEventListener('abort', () => servers.delete(context), { once: true });
    },
    isServed: () => servers.size > 0,
    render: (view, language, signal) => {
      const server = [...servers].at(-1);
      if (server === undefined) return Promise.resolve(err(appError('REPORT_NO_WINDOW')));
      const id = randomUUID();
      return new Promise((resolve) => {
        const settle = (answer: Result<Buffer>): void => {
          if (!waiting.delete(id)) return;
          cancel();
          signal.removeEventListener('abort', onAbort);
          server.closed.removeEventListener('abort', onGone);
          resolve(answer);
        };
        const onAbort = (): void => settle(err(appError('CANCELLED')));
        const onGone = (): void => settle(err(appError('REPORT_NO_WINDOW')));
        const cancel = timers.after(RENDER_MS, () =>
          settle(err(appError('REPORT_TIMED_OUT', { seconds: RENDER_MS / 1000 }))),
        );
        waiting.set(id, settle);
        signal.addEventListener('abort', onAbort, { once: true });
        server.closed.addEventListener('abort', onGone, { once: true });
        if (signal.aborted) onAbort();
        else server.emit('dashboards.wanted', { id, view, language });
      });
    },
    answer: (id, answer) => {
      const settle = waiting.get(id);
      if (settle === undefined) return false;
      if (!answer.ok) settle(err(answer.error));
      else {
        const pdf = Buffer.from(answer.pdf, 'base64');
        settle(
          pdf.subarray(0, 5).toString('latin1') === '%PDF-'
            ? ok(pdf)
            : err(appError('INTERNAL', { what: 'what was rendered is no PDF' })),
        );
      }
      return true;
    },
  };
}
