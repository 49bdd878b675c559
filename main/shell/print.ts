import { BrowserWindow, type MessagePortMain } from 'electron';
import type { DocumentReady, PrintedDocument, ShellOutput, ShellParams } from '#shared/contract/shell.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { inTurns } from '../engine/platform/in-turn.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Timers } from '../engine/platform/timers.ts';
import { saveChosen } from './chosen-files.ts';
import { type Caller, refuseOtherChannels, type ShellHandlers } from './ipc.ts';
import { createPagePorts } from './page-ports.ts';
import { pdfOptions, printAddress } from './print-plan.ts';
import type { Refuse } from './refusals.ts';
import { pagePreferences, type WindowOptions } from './window.ts';

/** What printing is done with. */
export type PrinterOptions = {
  readonly page: Pick<WindowOptions, 'session' | 'preload' | 'allowDevTools'>;
  /** Asks the operator where to save; null when the dialog was closed. */
  readonly askWhere: (wanted: {
    readonly title?: string | undefined;
    readonly suggestedName: string;
  }) => Promise<string | null>;
  /** Gives the engine its end of a port; false when there is no engine. */
  readonly connect: (port: MessagePortMain) => boolean;
  readonly timers: Timers;
  readonly log: Logger;
  readonly refuse: Refuse;
  readonly getEnvironment: ShellHandlers['getEnvironment'];
};

/** Lays documents out in hidden windows and saves them as PDF. */
export type Printer = {
  /** The PDF of a document, asked for by nobody who looks: a report at a set time. */
  readonly makePdf: (document: PrintedDocument) => Promise<Result<Buffer>>;
  readonly savePdf: (params: ShellParams<'savePdf'>) => Promise<Result<ShellOutput<'savePdf'>>>;
  /** The windows that print at this moment; each may ask for the engine and say that it is ready, little else. */
  readonly callers: () => readonly Caller[];
};

/** How long loading, the engine's answers and laying out may take together, milliseconds. */
const READY_MS = 30_000;

/** How long making the PDF of a finished document may take, milliseconds. */
const PDF_MS = 60_000;

/** Makes the printer. Documents are printed one after the other: two big ones at once would only slow each other. */
export function createPrinter(options: PrinterOptions): Printer {
  const open = new Map<BrowserWindow, Caller>();
  const inTurn = inTurns();
  const print = async (document: PrintedDocument): Promise<Result<Buffer>> => {
    const { resolve, promise: ready } = withResolvers<Result<DocumentReady & { readonly ok: true }>>();
    const window = hiddenWindow(options);
    try {
      open.set(window, printingCaller(window, options, resolve));
      watchFailures(window, resolve);
      window.loadURL(printAddress(document)).catch((thrown: unknown) => {
        resolve(err(appError('PRINT_FAILED', { why: describeThrown(thrown) })));
      });
      const late = err(appError('PRINT_TIMED_OUT', { seconds: READY_MS / 1000 }));
      const answer = await within(options.timers, READY_MS, ready, late);
      if (!answer.ok) return answer;
      const pdf = window.webContents
        .printToPDF(pdfOptions({ ...answer.value, lang: document.lang }))
        .then(ok, (thrown: unknown) => err(appError('PRINT_FAILED', { why: describeThrown(thrown) })));
      return await within(
        options.timers,
        PDF_MS,
        pdf,
        err(appError('PRINT_TIMED_OUT', { seconds: PDF_MS / 1000 })),
      );
    } finally {
      open.delete(window);
      if (!window.isDestroyed()) window.destroy();
    }
  };
  const makePdf = (document: PrintedDocument): Promise<Result<Buffer>> => inTurn(() => print(document));
  return {
    callers: () => [...open.values()],
    makePdf,
    savePdf: async ({ title, suggestedName, ...document }) => {
      // The place is asked first: an operator who waits for a dialog after a long print may have gone.
      const path = await options.askWhere({ title, suggestedName });
      if (path === null) return ok(null);
      const pdf = await makePdf(document);
      if (!pdf.ok) {
        options.log.log('warn', 'a document was not printed', { kind: document.kind, code: pdf.error.code });
        return pdf;
      }
      return saveChosen(path, pdf.value);
    },
  };
}

function hiddenWindow({ page, refuse }: PrinterOptions): BrowserWindow {
  const window = new BrowserWindow({
    show: false,
    // A4 at 96 dots an inch, so that what is laid out on the screen breaks as it will on paper.
    width: 794,
    height: 1123,
    webPreferences: {
      ...pagePreferences(page),
      // Nobody sees this window, and it must be finished all the same.
      backgroundThrottling: false,
    },
  });
  window.removeMenu();
  refuseOtherChannels(window, refuse);
  return window;
}

/** What the page of a printing window may ask for. */
function printingCaller(
  window: BrowserWindow,
  options: PrinterOptions,
  tell: (answer: Result<DocumentReady & { readonly ok: true }>) => void,
): Caller {
  const ports = createPagePorts(window, options.connect);
  return {
    window,
    handlers: {
      requestEnginePort: () => {
        ports.request();
        return ok({});
      },
      getEnvironment: options.getEnvironment,
      documentReady: (ready) => {
        tell(ready.ok ? ok(ready) : err(ready.error));
        return ok({});
      },
    },
  };
}

/** A page that dies or never loads must not be waited for. */
function watchFailures(window: BrowserWindow, tell: (answer: Result<never>) => void): void {
  const failed = (why: string): void => tell(err(appError('PRINT_FAILED', { why })));
  window.webContents.on('render-process-gone', (_event, details) => failed(details.reason));
  window.webContents.on('preload-error', (_event, _path, error) => failed(error.message));
  window.on('closed', () => failed('closed'));
}

/** The answer, or `late` when it takes longer than `ms`. */
async function within<T>(timers: Timers, ms: number, answer: Promise<T>, late: T): Promise<T> {
  const { resolve, promise } = withResolvers<T>();
  const cancel = timers.after(ms, () => resolve(late));
  try {
    return await Promise.race([answer, promise]);
  } finally {
    cancel();
  }
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((take) => {
    resolve = take;
  });
  return { promise, resolve };
}
