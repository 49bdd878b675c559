import { useStore } from 'zustand';
import type { AppError } from '#shared/errors/index.ts';
import { saveWhereAsked } from '../wizards/save-where-asked.ts';
import { useConnection } from './connection.ts';
import { createLogsExporter, type LogsExportState, PART_LENGTH } from './logs-export.ts';
import { createLogsSearcher, type LogsSearchState } from './logs-search.ts';
import { createLogsTail } from './logs-tail.ts';
import type { TailState } from './logs-tail-state.ts';

/** The window's one live tail. */
export const logsTail = createLogsTail(Date.now);

/** The window's one search; its results stay when the page is left. */
export const logsSearcher = createLogsSearcher(Date.now);

/** The window's one export. */
export const logsExporter = createLogsExporter({
  save: saveWhereAsked,
  now: Date.now,
  partLength: PART_LENGTH,
});

// From the first visit of the page on, for the life of the window.
logsTail.attach(useConnection.getState().client);
useConnection.subscribe(({ client }) => logsTail.attach(client));

/** A part of the live tail's state. */
export function useLogsTail<T>(select: (state: TailState) => T): T {
  return useStore(logsTail.store, select);
}

/** A part of the search's state. */
export function useLogsSearch<T>(select: (state: LogsSearchState) => T): T {
  return useStore(logsSearcher.store, select);
}

/** A part of the export's state. */
export function useLogsExport<T>(select: (state: LogsExportState) => T): T {
  return useStore(logsExporter.store, select);
}

/** Whether an error is only the engine's absence, which the frame's banner already tells. */
export function isEngineAway(error: AppError | null): boolean {
  return error?.code === 'ENGINE_GONE';
}
