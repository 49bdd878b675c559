import { create, useStore } from 'zustand';
import type { LogExportFormat } from '#shared/contract/logs-search.ts';
import type { AppError } from '#shared/errors/index.ts';
import { useConnection } from './connection.ts';
import { createLogsSearcher, type LogsSearchState } from './logs-search.ts';
import { createLogsTail } from './logs-tail.ts';
import type { TailState } from './logs-tail-state.ts';

/** The window's one live tail. */
export const logsTail = createLogsTail(Date.now);

/** The window's one search; its results stay when the page is left. */
export const logsSearcher = createLogsSearcher(Date.now);

/** What the last export was asked with; its job goes on when the dialog is closed. */
export type LogsExportState = {
  readonly folder: string;
  readonly format: LogExportFormat;
  readonly jobId: string | null;
};

/** The window's export. */
export const useLogsExport = create<LogsExportState>(() => ({ folder: '', format: 'ndjson', jobId: null }));

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

/** Whether an error is only the engine's absence, which the frame's banner already tells. */
export function isEngineAway(error: AppError | null): boolean {
  return error?.code === 'ENGINE_GONE';
}
