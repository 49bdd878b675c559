import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '#shared/contract/client.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { type ExportFormat, exportHead, exportLine, exportName } from './logs-export-text.ts';
import { type LogsSearch, searchWindow } from './logs-search.ts';

/** Events fetched at once. */
const PAGE = 5_000;

/**
 * Characters of one file. The desktop saves a text at a time and bounds its length; what is longer becomes several
 * files, so that the memory of this window is bounded and the export is not.
 */
export const PART_LENGTH = 32 * 1024 * 1024;

/** An export of everything that a search finds. */
export type LogsExportState = {
  readonly status: 'idle' | 'running' | 'saving' | 'done' | 'cancelled' | 'failed';
  readonly format: ExportFormat;
  /** Events in saved files and in the one at hand. */
  readonly written: number;
  readonly total: number | null;
  /** Where the files are. */
  readonly files: readonly string[];
  readonly error: AppError | null;
};

/** Exports what a search finds; goes on when the page is left. */
export type LogsExporter = {
  readonly store: StoreApi<LogsExportState>;
  readonly start: (client: EngineClient, search: LogsSearch, format: ExportFormat) => Promise<void>;
  /** Stops; files that are saved stay. */
  readonly cancel: () => void;
};

/** What the exporter needs from outside. */
export type LogsExportMeans = {
  /** Saves one file where the operator says; null when the dialog was closed. */
  readonly save: (suggestedName: string, text: string) => Promise<Result<string | null>>;
  /** UTC milliseconds. */
  readonly now: () => number;
  readonly partLength: number;
};

const idle: LogsExportState = {
  status: 'idle',
  format: 'csv',
  written: 0,
  total: null,
  files: [],
  error: null,
};

/** Makes an exporter. */
export function createLogsExporter({ save, now, partLength }: LogsExportMeans): LogsExporter {
  const store = createStore<LogsExportState>(() => idle);
  let running: AbortController | null = null;

  /** Saves the part at hand; false ends the export. */
  const savePart = async (
    format: ExportFormat,
    text: string,
    last: boolean,
    at: number,
  ): Promise<boolean> => {
    const { files } = store.getState();
    store.setState({ status: 'saving' });
    const name = exportName(format, at, files.length + 1, last && files.length === 0);
    const saved = await save(name, text);
    if (!saved.ok) store.setState({ status: 'failed', error: saved.error });
    else if (saved.value === null) store.setState({ status: 'cancelled' });
    else store.setState({ status: last ? 'done' : 'running', files: [...files, saved.value] });
    return saved.ok && saved.value !== null;
  };

  const start = async (client: EngineClient, search: LogsSearch, format: ExportFormat): Promise<void> => {
    running?.abort();
    const own = new AbortController();
    running = own;
    const at = now();
    store.setState({ ...idle, status: 'running', format }, true);
    let cursor: string | undefined;
    let text = exportHead(format);
    for (;;) {
      const answer = await client.call(
        'logs.search',
        { ...searchWindow(search), limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
        own.signal,
      );
      if (own !== running || own.signal.aborted) return;
      if (!answer.ok) {
        store.setState({ status: 'failed', error: answer.error });
        return;
      }
      const { events, total } = answer.value;
      for (const event of events) text += exportLine(format, event);
      // The first answer counts: lines that arrive meanwhile are newer than where the export began.
      store.setState((state) => ({ written: state.written + events.length, total: state.total ?? total }));
      cursor = answer.value.cursor ?? undefined;
      if (cursor === undefined || text.length >= partLength) {
        if (!(await savePart(format, text, cursor === undefined, at))) return;
        if (cursor === undefined || own.signal.aborted) return;
        text = exportHead(format);
      }
    }
  };

  return {
    store,
    start,
    cancel: () => {
      running?.abort();
      running = null;
      store.setState((state) =>
        state.status === 'running' || state.status === 'saving' ? { status: 'cancelled' } : state,
      );
    },
  };
}
