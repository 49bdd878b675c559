import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { type BulkServer, startBulkServer } from '../../helpers/bulk-server.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

let engine: HeadlessEngine | null = null;
let server: BulkServer | null = null;
afterEach(async () => {
  await engine?.stop();
  engine = null;
  await server?.close();
  server = null;
});

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`it did not come to pass: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const HMTT = readFileSync(new URL('../../fixtures/logstash/hmtt.conf', import.meta.url), 'utf8');

test('the Logstash pipeline of the maintenance guide: tagged, found under its daily names, sent to its server', async () => {
  const data = temporaryFolder('logstash');
  const log = join(data, 'hmtt.log');
  server = await startBulkServer();
  const conf = join(data, 'hmtt.conf');
  writeFileSync(
    conf,
    HMTT.replace('/var/log/hmtt/hmtt.log', log).replaceAll(
      'elasticsearch:9200',
      server.url.replace('http://', ''),
    ),
  );
  writeFileSync(
    log,
    '2026-11-22T08:00:00Z INFO service started\n2026-11-22T08:00:01Z ERROR disk full\n2026-11-23T08:00:00Z ERROR again\n',
  );
  engine = await startHeadlessEngine(join(data, 'site'));
  const imported = await hmtt(join(data, 'site'), 'import', 'logstash', conf);
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('hmtt-error, hmtt-logs')]);
  await engine.call('logs.sync', {});
  const search = async (query: string) => (await engine?.call('logs.search', { query }))?.events ?? [];
  expect((await search('stream:hmtt-error-2026.11.22')).map(({ message, tags }) => [message, tags])).toEqual([
    ['disk full', ['error']],
  ]);
  expect(await search('stream:hmtt-logs')).toHaveLength(1);
  expect(await search('tag:error')).toHaveLength(2);
  const { documents } = server;
  await until(
    () => Promise.resolve(documents.size),
    (size) => size === 3,
  );
  expect([...documents.values()].map(({ index }) => index).sort()).toEqual([
    'hmtt-error-2026.11.22',
    'hmtt-error-2026.11.23',
    'hmtt-logs-2026.11.22',
  ]);
  expect(server.complaints).toEqual([]);
  // A second import changes nothing that is there, and says so.
  const again = await hmtt(join(data, 'site'), 'import', 'logstash', conf);
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('was replaced')]);
  expect((await engine.call('logs.pipelines.list', {})).pipelines).toHaveLength(1);
  expect((await engine.call('logs.outputs.list', {})).outputs).toHaveLength(1);
});

test('what cannot be taken is refused whole, by name and line', async () => {
  const data = temporaryFolder('logstash-refused');
  const conf = join(data, 'beats.conf');
  writeFileSync(conf, 'input {\n  beats { port => 5044 }\n}\nfilter {\n  geoip { source => "ip" }\n}\n');
  const refused = await hmtt(join(data, 'site'), 'import', 'logstash', conf);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`${conf}:2: refused: beats`);
  expect(refused.stderr).toContain(`${conf}:5: refused: geoip`);
  expect(refused.stderr).toContain('error[LOGSTASH_REFUSED]');
});

/** Every byte of a folder's files, and everything inside that is compressed, as text. */
function allBytes(folder: string): string {
  const texts: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    texts.push(bytes.toString('latin1'), bytes.toString('utf8'));
    if (!entry.name.endsWith('.db')) continue;
    const db = new Database(path, { readonly: true });
    try {
      const tables = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .pluck()
        .all() as string[];
      for (const table of tables) {
        const columns = db.prepare(`PRAGMA table_info("${table}")`).all() as { name: string }[];
        for (const row of db.prepare(`SELECT * FROM "${table}"`).all() as Record<string, unknown>[])
          for (const { name } of columns) {
            const value = row[name];
            if (typeof value === 'string') texts.push(value);
            else if (Buffer.isBuffer(value)) texts.push(value.toString('utf8'), ...unpacked(value));
          }
      }
    } finally {
      db.close();
    }
  }
  return texts.join('\n');
}

function unpacked(bytes: Buffer): readonly string[] {
  return [gunzipSync, zstdDecompressSync, brotliDecompressSync].flatMap((decompress) => {
    try {
      return [decompress(bytes).toString('utf8')];
    } catch {
      return [];
    }
  });
}

test('what masking hides at ingest stands nowhere in the data folder, and cannot be searched for', async () => {
  const data = temporaryFolder('masked');
  const site = join(data, 'site');
  mkdirSync(join(data, 'in'));
  const log = join(data, 'in', 'app.log');
  const secrets = [
    'hunter2secret',
    'tok_9f8e7d6c',
    '13812345678',
    '11010519491231002X',
    '4111111111111111',
    'badge77',
  ];
  const line = (n: number): string =>
    [
      `2026-11-22T08:00:00Z INFO n=${n} user=lin password=${secrets[0]} phone ${secrets[2]} id ${secrets[3]} card ${secrets[4]} at ${secrets[5]}`,
      `{"time":"2026-11-22T08:00:01Z","level":"error","message":"login ${n}","password":"${secrets[0]}","access_token":"${secrets[1]}","phone":${secrets[2]}}`,
    ].join('\n');
  writeFileSync(log, `${line(0)}\n`);
  engine = await startHeadlessEngine(site);
  const { rules } = await engine.call('logs.masking.list', {});
  for (const rule of rules) await engine.call('logs.masking.put', { ...rule, atIngest: true });
  await engine.call('logs.masking.put', {
    kind: 'pattern',
    name: 'Badge',
    pattern: '\\bbadge\\d+',
    replacement: '[badge]',
    atIngest: true,
    atExport: true,
  });
  await engine.call('logs.pipelines.put', {
    pipeline: {
      name: 'kv',
      // A pipeline that copies all that it can find must not bring anything back.
      steps: [
        { kind: 'kv', source: 'raw', addField: { whole: '%{raw}', said: '%{message}', phone2: '%{phone}' } },
        { kind: 'mutate', copy: { password: 'shadow', access_token: 'shadow2' } },
      ],
    },
  });
  await engine.call('logs.sources.add', { path: log, format: 'auto', zone: 'UTC' });
  await engine.call('logs.sync', {});
  // Enough for whole blocks, and some lines that stay pending.
  appendFileSync(log, `${Array.from({ length: 700 }, (_, n) => line(n + 1)).join('\n')}\n`);
  await engine.call('logs.sync', {});
  const { events, total } = await engine.call('logs.search', { query: '', limit: 10 });
  expect(total).toBe(1402);
  expect(JSON.stringify(events)).toContain('[masked:password]');
  for (const secret of secrets) expect((await engine.call('logs.count', { query: secret })).total).toBe(0);
  // While it runs (write-ahead files), and after its end.
  const running = allBytes(site);
  for (const secret of secrets) expect(running.includes(secret), `${secret} while running`).toBe(false);
  expect(running).toContain('[masked:password]');
  // The scan sees into blocks: what was not hidden is found.
  expect(running).toContain('n=5 user=lin');
  await engine.stop();
  engine = null;
  const stopped = allBytes(site);
  for (const secret of secrets) expect(stopped.includes(secret), `${secret} after its end`).toBe(false);
});

test('logins of other servers are sealed, shown as references, and used', async () => {
  const data = temporaryFolder('log-secrets');
  const site = join(data, 'site');
  server = await startBulkServer();
  const seen: string[] = [];
  engine = await startHeadlessEngine(site);
  const output = { name: 'es', servers: [server.url], apiKey: 'planted-api-key' };
  const { id } = await engine.call('logs.outputs.put', { output });
  await engine.call('logs.remote.set', {
    kind: 'server',
    server: { servers: [server.url], basicAuth: { username: 'u', password: 'planted-password' } },
  });
  const { outputs } = await engine.call('logs.outputs.list', {});
  expect(outputs[0]?.output.apiKey).toMatch(/^sealed:/);
  expect(JSON.stringify(await engine.call('logs.remote.get', {}))).not.toContain('planted');
  // Given back as it was shown, it stays what it is.
  if (outputs[0] !== undefined)
    await engine.call('logs.outputs.put', { id, output: { ...outputs[0].output, maxEvents: 7 } });
  server.answer = () => ({ status: 200, body: { count: 0 } });
  server.onAuthorization = (value) => seen.push(value);
  const log = join(data, 'a.log');
  writeFileSync(log, 'one\n');
  await engine.call('logs.sources.add', { path: log });
  await engine.call('logs.sync', {});
  const { documents } = server;
  await until(
    () => Promise.resolve(documents.size),
    (size) => size === 1,
  );
  await engine.call('logs.count', { query: '' });
  expect(new Set(seen)).toEqual(
    new Set(['ApiKey planted-api-key', `Basic ${Buffer.from('u:planted-password').toString('base64')}`]),
  );
  await engine.stop();
  engine = null;
  expect(allBytes(site)).not.toMatch(/planted-(api-key|password)/);
});

test('the same page searches another server, and says what it cannot ask there', async () => {
  const data = temporaryFolder('remote-logs');
  server = await startBulkServer('opensearch');
  engine = await startHeadlessEngine(join(data, 'site'));
  const remote = { servers: [server.url], indices: 'hmtt-*' };
  server.answer = (path) =>
    path.includes('_count')
      ? { status: 200, body: { count: 7 } }
      : {
          status: 200,
          body: {
            hits: {
              total: { value: 7, relation: 'eq' },
              hits: [
                {
                  _index: 'hmtt-error-2026.11.22',
                  _id: 'k-1',
                  _source: {
                    '@timestamp': '2026-11-22T08:00:00.000Z',
                    message: 'disk full',
                    log: { level: 'error' },
                    host: { name: 'app-1' },
                    hmtt: { source: 'app', stream: 'hmtt-error' },
                    fields: { disk: { name: 'sda' } },
                    tags: ['error'],
                  },
                  sort: [1, 'k-1'],
                },
              ],
            },
          },
        };
  expect(await engine.call('logs.remote.test', remote)).toMatchObject({ product: 'OpenSearch', events: 7 });
  await engine.call('logs.remote.set', { kind: 'server', server: remote });
  const found = await engine.call('logs.search', {
    query: 'level:error AND NOT "out of memory" host:app*',
    limit: 1,
  });
  expect(found).toMatchObject({ total: 7, exact: true });
  expect(found.events[0]).toMatchObject({
    level: 'error',
    host: 'app-1',
    source: 'app',
    stream: 'hmtt-error',
    tags: ['error'],
    fields: { 'disk.name': 'sda' },
  });
  expect(found.cursor).not.toBeNull();
  const asked = JSON.stringify(server.searches.at(-1)?.body);
  expect(asked).toContain('{"terms":{"log.level.keyword":["error"]}}');
  expect(asked).toContain('"must_not"');
  expect(asked).toContain('{"wildcard":{"host.name.keyword":{"value":"app*","case_insensitive":true}}}');
  expect((await engine.call('logs.count', { query: '' })).total).toBe(7);
  for (const query of ['/a.b/', 'took>5', '*full']) {
    const refused = await engine.client.call('logs.search', { query });
    expect(!refused.ok && refused.error.code, query).toBe('LOG_SERVER_QUERY');
  }
  await engine.call('logs.remote.set', { kind: 'local' });
  expect((await engine.call('logs.search', { query: '' })).total).toBe(0);
});
