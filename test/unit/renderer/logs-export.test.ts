import { describe, expect, it } from 'vitest';
import type { EngineClient } from '#shared/contract/client.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { createLogsExporter } from '../../../renderer/stores/logs-export.ts';
import { exportHead, exportLine, exportName } from '../../../renderer/stores/logs-export-text.ts';

const event = (message: string): LogEvent => ({
  id: message,
  time: Date.parse('2026-11-22T10:15:30.123Z'),
  level: 'error',
  source: 'hmtt',
  host: 'app-1',
  message,
  fields: { port: '80', path: '/a b' },
  raw: `ERROR ${message}`,
  flags: ['late'],
  stream: '',
  tags: [],
});

/** An engine with pages of events behind cursors. */
function engine(pages: readonly (readonly LogEvent[])[]): EngineClient {
  const total = pages.flat().length;
  const call = async (_name: string, input: { cursor?: string }): Promise<Result<unknown>> => {
    const at = Number(input.cursor ?? '0');
    const more = at + 1 < pages.length;
    return ok({ events: pages[at] ?? [], total, cursor: more ? String(at + 1) : null, tookMs: 1 });
  };
  return { call: call as EngineClient['call'], on: () => () => undefined };
}

const search = { query: 'x', text: 'x', start: 0, end: 10, openEnd: false };

function saver() {
  const saved: { name: string; text: string }[] = [];
  const save = async (name: string, text: string): Promise<Result<string | null>> => {
    saved.push({ name, text });
    return ok(`/tmp/${name}`);
  };
  return { saved, save, now: () => Date.parse('2026-11-22T10:15:30Z') };
}

describe('exporting logs', () => {
  it('writes every page of the search into one file when it fits', async () => {
    const means = saver();
    const exporter = createLogsExporter({ ...means, partLength: 1e6 });
    await exporter.start(engine([[event('a'), event('b')], [event('c')]]), search, 'ndjson');
    expect(means.saved).toHaveLength(1);
    expect(means.saved[0]?.name).toBe('logs-20261122-101530.ndjson');
    const messages = means.saved[0]?.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).message);
    expect(messages).toEqual(['a', 'b', 'c']);
    expect(exporter.store.getState()).toMatchObject({ status: 'done', written: 3, total: 3 });
  });

  it('goes on in further files, each complete in itself, when one would be too long', async () => {
    const means = saver();
    const exporter = createLogsExporter({ ...means, partLength: 10 });
    await exporter.start(engine([[event('a')], [event('b')], [event('c')]]), search, 'csv');
    expect(means.saved.map((file) => file.name)).toEqual([
      'logs-20261122-101530-part1.csv',
      'logs-20261122-101530-part2.csv',
      'logs-20261122-101530-part3.csv',
    ]);
    expect(means.saved.every((file) => file.text.startsWith(exportHead('csv')))).toBe(true);
    expect(exporter.store.getState()).toMatchObject({ status: 'done', written: 3 });
  });

  it('ends when the dialog is closed, and says why it failed', async () => {
    const closed = createLogsExporter({ ...saver(), save: async () => ok(null), partLength: 1e6 });
    await closed.start(engine([[event('a')]]), search, 'csv');
    expect(closed.store.getState()).toMatchObject({ status: 'cancelled', files: [] });
    const full = createLogsExporter({
      ...saver(),
      save: async () => err(appError('DISK_FULL', { file: 'x' })),
      partLength: 1e6,
    });
    await full.start(engine([[event('a')]]), search, 'csv');
    expect(full.store.getState()).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
  });

  it('writes UTC times and quotes what a spreadsheet would take for something else', () => {
    expect(exportLine('csv', event('=1+1, "x"'))).toBe(
      '2026-11-22T10:15:30.123Z,error,hmtt,app-1,"\'=1+1, ""x""",late,port=80 path=/a b,"ERROR =1+1, ""x"""\r\n',
    );
    expect(JSON.parse(exportLine('ndjson', event('=1+1'))).message).toBe('=1+1');
    expect(exportName('csv', 0, 1, true)).toBe('logs-19700101-000000.csv');
  });
});
