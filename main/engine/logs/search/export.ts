import { closeSync, existsSync, fsyncSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { LogEvent } from '#shared/contract/logs.ts';
import type { LogExportFormat } from '#shared/contract/logs-search.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { JobControl } from '../../platform/jobs.ts';
import { publishFile } from '../../storage/durable.ts';
import { ioError } from '../../storage/io-error.ts';
import { exportEvent, exportGap, exportHead } from './export-text.ts';
import type { SearchProxy } from './proxy.ts';

/** Events fetched at once. */
const PAGE = 2000;
/** Lines whose surroundings were written are remembered up to this many. */
const MAX_WRITTEN = 50_000;
const COPY_BYTES = 1 << 20;

/** What is exported, and where to. */
export type ExportRequest = {
  readonly query: string;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly format: LogExportFormat;
  readonly file: string;
  readonly overwrite: boolean;
  readonly before: number;
  readonly after: number;
  readonly order: 'newest' | 'oldest';
};

/** What a run of an export needs. */
export type ExportMeans = {
  readonly searcher: SearchProxy;
  readonly control: JobControl;
  readonly monotonic: () => number;
  /** What of an event may be seen outside. */
  readonly mask: (event: LogEvent) => LogEvent;
};

/** Refuses a file that cannot be meant. @returns LOG_EXPORT_PATH or LOG_EXPORT_EXISTS */
export function checkTarget({ file, overwrite }: ExportRequest): Result<object> {
  if (!isAbsolute(file)) return err(appError('LOG_EXPORT_PATH', { file }, { field: 'file' }));
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return ok({});
  if (!stats.isFile()) return err(appError('LOG_EXPORT_PATH', { file }, { field: 'file' }));
  return overwrite ? ok({}) : err(appError('LOG_EXPORT_EXISTS', { file }, { field: 'file' }));
}

/**
 * Writes all matches into a file, in pages, so that memory is bounded and the file is not. The file has its name only
 * when it is complete and on the disk.
 */
export async function runExport(
  request: ExportRequest,
  means: ExportMeans,
): Promise<Result<{ readonly events: number }>> {
  const temporary = `${request.file}.part-${process.pid}`;
  try {
    const handle = openSync(temporary, 'w+', 0o600);
    let pages: readonly Piece[];
    let events: number;
    try {
      const written = await writePages(handle, request, means);
      if (!written.ok) return written;
      ({ pages, events } = written.value);
      fsyncSync(handle);
      if (request.order === 'oldest') turnAround(handle, `${temporary}-2`, pages);
    } finally {
      closeSync(handle);
    }
    if (!request.overwrite && existsSync(request.file))
      return err(appError('LOG_EXPORT_EXISTS', { file: request.file }, { field: 'file' }));
    publishFile(request.order === 'oldest' ? `${temporary}-2` : temporary, request.file);
    return ok({ events });
  } catch (thrown) {
    return err(ioError(request.file, thrown));
  } finally {
    rmSync(temporary, { force: true });
    rmSync(`${temporary}-2`, { force: true });
  }
}

/** Where a page stands in the temporary file. */
type Piece = { readonly at: number; readonly bytes: number };

async function writePages(
  handle: number,
  request: ExportRequest,
  { searcher, control, monotonic, mask }: ExportMeans,
): Promise<Result<{ readonly pages: readonly Piece[]; readonly events: number }>> {
  const { query, start, end, format, before, after, order } = request;
  const began = monotonic();
  let total: number | null = null;
  const counting = searcher.call({ method: 'count', query, start, end }, control.signal).then((counted) => {
    if (counted.ok) total = counted.value.total;
  });
  const pages: Piece[] = [];
  let at = 0;
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) written += writeSync(handle, bytes, written);
    pages.push({ at, bytes: bytes.length });
    at += bytes.length;
  };
  write(exportHead(format));
  let cursor: string | undefined;
  let hits = 0;
  let lines = 0;
  const seen = new Set<string>();
  do {
    const page = await searcher.call(
      { method: 'search', query, start, end, limit: PAGE, cursor, count: 'later' },
      control.signal,
    );
    if (!page.ok) return page;
    const texts: string[] = [];
    for (const event of page.value.events) {
      hits += 1;
      if (before + after === 0) {
        texts.push(exportEvent(format, mask(event)));
        lines += 1;
        continue;
      }
      const around = await surroundings(searcher, event, request, control.signal, seen);
      if (!around.ok) return around;
      if (around.value.length === 0) continue;
      lines += around.value.length;
      texts.push(exportGap(format) + around.value.map((one) => exportEvent(format, mask(one))).join(''));
    }
    write((order === 'oldest' ? texts.reverse() : texts).join(''));
    const seconds = Math.max(0.001, (monotonic() - began) / 1000);
    const rate = hits / seconds;
    control.progress({
      phase: { zh: '导出', en: 'Exporting' },
      done: hits,
      total,
      unit: 'lines',
      rate,
      etaMs: total === null || rate === 0 ? null : Math.max(0, ((total - hits) / rate) * 1000),
      current: request.file,
      filesDone: 0,
    });
    cursor = page.value.cursor ?? undefined;
  } while (cursor !== undefined);
  await counting;
  return ok({ pages, events: lines });
}

async function surroundings(
  searcher: SearchProxy,
  event: LogEvent,
  { before, after }: ExportRequest,
  signal: AbortSignal,
  seen: Set<string>,
): Promise<Result<readonly LogEvent[]>> {
  const around = await searcher.call(
    { method: 'context', id: event.id, before, after, of: 'log', cursor: undefined, clocks: [], asOf: 0 },
    signal,
  );
  if (!around.ok) return around;
  // A file says no more that lines are missing in it.
  const [missing] = around.value.unread;
  if (missing !== undefined) return err(missing.error);
  const fresh = around.value.events.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  for (const id of seen) {
    if (seen.size <= MAX_WRITTEN) break;
    seen.delete(id);
  }
  return ok(fresh);
}

/** Copies the head, then the pages from the last to the first. */
function turnAround(from: number, to: string, pages: readonly Piece[]): void {
  const handle = openSync(to, 'w', 0o600);
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  try {
    const [head, ...rest] = pages;
    for (const piece of head === undefined ? [] : [head, ...rest.reverse()]) {
      let done = 0;
      while (done < piece.bytes) {
        const read = readSync(from, buffer, 0, Math.min(COPY_BYTES, piece.bytes - done), piece.at + done);
        if (read === 0) throw new Error('the temporary file ends early');
        let written = 0;
        while (written < read) written += writeSync(handle, buffer, written, read - written);
        done += read;
      }
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
