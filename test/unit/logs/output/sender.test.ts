import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../../main/engine/logs/ingest/ingest.ts';
import { OutputLedger } from '../../../../main/engine/logs/output/ledger.ts';
import { UnsentReader } from '../../../../main/engine/logs/output/reader.ts';
import { OutputSender } from '../../../../main/engine/logs/output/sender.ts';
import { parserCache } from '../../../../main/engine/logs/parse/parser.ts';
import { BUILT_IN_MASKS, compileMask } from '../../../../main/engine/logs/pipeline/mask.ts';
import { createStage } from '../../../../main/engine/logs/pipeline/stage.ts';
import { systemClock } from '../../../../main/engine/platform/clock.ts';
import { createHttpClient, type HttpClient } from '../../../../main/engine/platform/http/client.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import {
  type LogOutputInput,
  logOutputSchema,
  logPipelineSchema,
} from '../../../../shared/contract/logs-pipelines.ts';
import { type BulkServer, startBulkServer } from '../../../helpers/bulk-server.ts';

const PIPELINE = logPipelineSchema.parse({
  name: 'p',
  steps: [
    {
      kind: 'if',
      branches: [
        { when: '[level] == "error"', steps: [{ kind: 'stream', stream: 'hmtt-error', addTag: ['error'] }] },
      ],
      otherwise: [{ kind: 'stream', stream: 'hmtt-logs' }],
    },
  ],
});

describe('sending stored events', () => {
  let dir = '';
  let server: BulkServer;
  let http: HttpClient;
  let open: { close: () => unknown }[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hmtt-output-'));
    mkdirSync(join(dir, 'logs'));
    server = await startBulkServer();
    http = createHttpClient({ clock: systemClock, timers: systemTimers });
  });
  afterEach(async () => {
    for (const one of open.toReversed()) await one.close();
    open = [];
    await http.close();
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Stores lines numbered from `first`; each third is an error, and days change on the way. */
  const store = async (first: number, count: number): Promise<void> => {
    const lines = Array.from({ length: count }, (_, i) => {
      const n = first + i;
      const day = 20 + Math.floor(n / 700);
      const at = `2026-11-${day}T10:00:${String(n % 60).padStart(2, '0')}Z`;
      return `{"time":"${at}","level":"${n % 3 === 0 ? 'error' : 'info'}","message":"line ${n}","n":${n},"a":"x","a.b":"y"}`;
    });
    if (first === 0) writeFileSync(join(dir, 'app.log'), '');
    appendFileSync(join(dir, 'app.log'), `${lines.join('\n')}\n`);
    const ingest = new Ingest({
      folder: join(dir, 'logs'),
      clock: systemClock,
      tell: () => undefined,
      breathe: () => Promise.resolve(true),
      stage: createStage({ pipelines: [{ ...PIPELINE, id: 'p' }], masking: [] }),
    });
    ingest.setSources([
      {
        id: 's',
        name: 'app',
        path: join(dir, 'app.log'),
        format: 'json',
        host: 'app-1',
        zone: 'UTC',
        from: 'beginning',
      },
    ]);
    const synced = await ingest.sync();
    ingest.close();
    expect(synced.ok).toBe(true);
  };

  const sender = (
    more: Partial<LogOutputInput> = {},
    masked = false,
  ): { sender: OutputSender; ledger: OutputLedger } => {
    const ledger = OutputLedger.open(join(dir, 'logs', 'output.db'));
    if (!ledger.ok) throw new Error(ledger.error.message.en);
    const reader = new UnsentReader(join(dir, 'logs'));
    const mask = compileMask(
      BUILT_IN_MASKS.map((rule) => ({ ...rule, atExport: true })),
      'export',
    );
    const output = logOutputSchema.parse({
      name: 'es',
      servers: [server.url],
      maxEvents: 200,
      timeoutMs: 2000,
      ...more,
    });
    const made = new OutputSender('o', output, false, {
      reader,
      ledger: ledger.value,
      http,
      clock: systemClock,
      timers: systemTimers,
      random: () => 0,
      parserOf: parserCache(),
      mask: () => (masked && mask.ok ? mask.value : null),
      idleMs: 20,
    });
    open.push(ledger.value, reader, made);
    return { sender: made, ledger: ledger.value };
  };

  const until = async (holds: () => boolean): Promise<void> => {
    const end = Date.now() + 15_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error('it did not come to pass');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const numbers = (): readonly number[] =>
    [...server.documents.values()]
      .map(({ source }) => Number((source.fields as Record<string, string>).n))
      .sort((a, b) => a - b);
  const all = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

  it('sends everything once, under daily names of its streams', async () => {
    await store(0, 1500);
    const { sender: one } = sender();
    one.start();
    await until(() => server.documents.size === 1500);
    expect(numbers()).toEqual(all(1500));
    expect(server.complaints).toEqual([]);
    const indices = new Set([...server.documents.values()].map(({ index }) => index));
    expect([...indices].sort()).toEqual([
      'hmtt-error-2026.11.20',
      'hmtt-error-2026.11.21',
      'hmtt-error-2026.11.22',
      'hmtt-logs-2026.11.20',
      'hmtt-logs-2026.11.21',
      'hmtt-logs-2026.11.22',
    ]);
    const [first] = [...server.documents.values()].filter(({ index }) => index.startsWith('hmtt-error'));
    expect(first?.source).toMatchObject({
      message: 'line 0',
      tags: ['error'],
      log: { level: 'error', offset: 0 },
      host: { name: 'app-1' },
      hmtt: { source: 'app', stream: 'hmtt-error' },
      fields: { 'a._': 'x', 'a.b': 'y' },
    });
    await until(() => one.state().backlogEvents === 0);
    expect(one.state()).toMatchObject({ eventsSent: 1500, eventsRefused: 0, lastError: null });
  });

  it('loses and doubles nothing when connections are cut, also after the server has stored a request', async () => {
    await store(0, 1200);
    server.faults.request = (n) =>
      n % 4 === 1 ? 'cut-after' : n % 4 === 2 ? 'cut' : n % 4 === 3 ? { status: 503 } : null;
    const { sender: one } = sender();
    one.start();
    await until(() => one.state().eventsSent === 1200);
    expect(numbers()).toEqual(all(1200));
    expect(server.conflicts()).toBeGreaterThan(0);
    expect(server.complaints).toEqual([]);
  }, 30_000);

  it('sends again what was told to wait, and lists what is refused for good', async () => {
    await store(0, 600);
    const seen = new Set<string>();
    server.faults.document = ({ id, source }) => {
      const n = Number((source.fields as Record<string, string>).n);
      if (n === 77) return { status: 400, type: 'document_parsing_exception' };
      if (n % 5 !== 0 || seen.has(id)) return null;
      seen.add(id);
      return { status: 429, type: 'es_rejected_execution_exception' };
    };
    const { sender: one, ledger } = sender();
    one.start();
    await until(() => one.state().eventsSent === 599);
    expect(numbers()).toEqual(all(600).filter((n) => n !== 77));
    expect(one.state()).toMatchObject({ eventsRefused: 1, lastError: { code: 'LOG_OUTPUT_EVENTS_REFUSED' } });
    const listed = ledger.refused('o', 10);
    expect(listed.total).toBe(1);
    expect(listed.refused[0]).toMatchObject({ status: 400, why: 'document_parsing_exception: told to' });
  });

  it('divides what is too large, and skips no event for it', async () => {
    await store(0, 300);
    server.faults.request = (_n, bytes) => (bytes > 20_000 ? { status: 413 } : null);
    const { sender: one } = sender();
    one.start();
    await until(() => one.state().eventsSent === 300);
    expect(numbers()).toEqual(all(300));
  });

  it('waits for a server that refuses the login, and leaves nothing out', async () => {
    await store(0, 50);
    let right = false;
    server.faults.request = () => (right ? null : { status: 401 });
    const { sender: one } = sender();
    one.start();
    await until(() => one.state().lastError?.code === 'LOG_OUTPUT_REFUSED');
    expect(one.state()).toMatchObject({ state: 'retrying', eventsRefused: 0 });
    right = true;
    await until(() => one.state().eventsSent === 50);
  });

  it('goes on where it stopped, after more was stored while nobody sent', async () => {
    await store(0, 900);
    const first = sender({ maxEvents: 100 });
    server.faults.request = (n) => (n > 4 ? { status: 503 } : null);
    first.sender.start();
    await until(() => server.documents.size >= 400 && first.sender.state().state === 'retrying');
    await first.sender.close();
    open = open.filter((one) => one !== first.sender);
    await store(900, 600);
    server.faults = {};
    const before = server.requests();
    const second = sender({ maxEvents: 100 });
    second.sender.start();
    await until(() => second.sender.state().eventsSent === 1500);
    expect(numbers()).toEqual(all(1500));
    // What had been answered was not sent again.
    expect(server.requests() - before).toBeLessThan(15);
  });

  it('sends only the streams that it is told to, and only what comes after it was added', async () => {
    await store(0, 90);
    const { sender: one } = sender({ streams: ['hmtt-error'], from: 'now' });
    one.start();
    await until(() => one.state().backlogEvents === 0 && one.state().state === 'sending');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.documents.size).toBe(0);
    await store(90, 30);
    await until(() => server.documents.size === 10);
    expect(numbers()).toEqual(all(120).filter((n) => n >= 90 && n % 3 === 0));
  });

  it('counts what retention took before it could be sent', async () => {
    await store(0, 1500);
    server.faults.request = () => ({ status: 503 });
    const { sender: one } = sender();
    one.start();
    await until(() => one.state().state === 'retrying');
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(join(dir, 'logs', `2026-11-22.db${suffix}`), { force: true });
    server.faults = {};
    await until(() => one.state().eventsSent + one.state().eventsGivenUp >= 1400);
    expect(numbers()).toEqual(all(1400));
  });

  it('masks what leaves the console', async () => {
    await store(0, 3);
    writeFileSync(join(dir, 'b.log'), '');
    appendFileSync(
      join(dir, 'app.log'),
      '{"time":"2026-11-22T10:00:00Z","message":"password=hunter2","n":3,"token":"tok-1"}\n',
    );
    await store(4, 1);
    const { sender: one } = sender({}, true);
    one.start();
    await until(() => server.documents.size === 5);
    expect(JSON.stringify([...server.documents.values()])).not.toMatch(/hunter2|tok-1/);
  });
});
