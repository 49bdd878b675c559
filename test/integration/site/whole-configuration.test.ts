import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import { DOCUMENT_SECTIONS, type DocumentImport } from '#shared/contract/site-document.ts';
import { startEngine } from '../../../main/engine/index.ts';
import { IN_DOCUMENT, LEFT_OUT } from '../../helpers/document-tables.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { SECRETS, wholeConfiguration } from '../../helpers/whole-configuration.ts';

const PASSPHRASE = 'correct horse battery';

/** An engine of one command, on an empty folder. */
async function emptyConsole() {
  const dir = temporaryFolder('whole-configuration');
  const started = await startEngine({ dir, watching: false });
  if (!started.ok) throw new Error(started.error.message.en);
  const engine = started.value;
  onTestFinished(() => engine.close());
  const call = async <N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> => {
    const answer = await engine.client.call(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message.en}`);
    return answer.value;
  };
  const take = (
    document: unknown,
    options: Partial<RequestInput<'configuration.import'>> = {},
  ): Promise<DocumentImport> =>
    call('configuration.import', {
      fileName: 'site.json',
      text: typeof document === 'string' ? document : JSON.stringify(document),
      dryRun: false,
      ...options,
    });
  return { dir, engine, call, take };
}

/** What a document says, whenever it was written. */
function said(text: string): Record<string, unknown> {
  const { exportedAt: _at, sealedSecrets: _sealed, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}

/** How many rows each table has, but for the store of secrets. */
function rowsOf(dir: string): Record<string, number> {
  const db = new Database(join(dir, 'console.db'), { readonly: true });
  try {
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => [
        table,
        db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0,
      ]),
    );
  } finally {
    db.close();
  }
}

test('every section comes out of another console as it went in, secrets included', async () => {
  const first = await emptyConsole();
  const second = await emptyConsole();
  const document = wholeConfiguration(first.dir);
  const taken = await first.take(document);
  expect(taken.faults).toEqual([]);
  expect(taken).toMatchObject({ applied: true, secretsToEnter: [] });
  expect(taken.warnings.map(({ path }) => path)).toContain('backupPlans.0');

  const exported = await first.call('configuration.export', { passphrase: PASSPHRASE });
  for (const secret of SECRETS) expect(exported.text).not.toContain(secret);
  expect(exported).toMatchObject({ secretsSealed: SECRETS.length + 1, secretsLeftOut: [] });
  // Each section of the fixture is there with what it said.
  const text = said(exported.text);
  for (const [name, entries] of Object.entries(document))
    if (Array.isArray(entries)) expect(text[name], name).toHaveLength(Math.max(entries.length, shown(name)));

  const preview = await second.take(exported.text, { passphrase: PASSPHRASE, dryRun: true });
  expect(preview).toMatchObject({ applied: false, faults: [] });
  expect(said((await second.call('configuration.export', {})).text)).not.toMatchObject({
    backupPlans: [{ name: 'core' }],
  });
  const arrived = await second.take(exported.text, { passphrase: PASSPHRASE });
  expect(arrived).toMatchObject({ applied: true, secretsTaken: SECRETS.length + 1, secretsToEnter: [] });
  const again = await second.call('configuration.export', { passphrase: PASSPHRASE });
  expect(said(again.text)).toEqual(text);

  // What came along opens there: the same document says nothing new, its secrets included.
  const once = await second.take(exported.text, { passphrase: PASSPHRASE });
  expect(once.sections.filter(({ added, changed }) => added + changed > 0)).toEqual([]);
  for (const file of readdirSync(second.dir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const secret of SECRETS) expect(bytes.includes(secret), `${file.name}: ${secret}`).toBe(false);
    }
});

/** Sections in which a console has entries of its own. */
function shown(name: string): number {
  // The scrape job makes a host of its own.
  return { hosts: 3, channels: 2, maskingRules: 8 }[name] ?? 0;
}

test('everything goes on by it at once, without a restart', async () => {
  const { dir, call, take } = await emptyConsole();
  expect((await take(wholeConfiguration(dir))).faults).toEqual([]);
  expect((await call('checks.list', {})).checks.map(({ name }) => name).toSorted()).toEqual([
    'own ssh port',
    'ssh port',
  ]);
  expect((await call('rules.groups', {})).groups).toContainEqual(
    expect.objectContaining({ file: 'own.yml', name: 'g', intervalMs: 30_000 }),
  );
  const starter = (await call('rules.starter.list', {})).rules.find(({ name }) => name === 'DiskInodesLow');
  expect(starter?.enabled).toBe(false);
  expect(await call('notify.config.get', {})).toMatchObject({ isDefault: false });
  expect((await call('notify.maintenance.list', {})).maintenances).toHaveLength(1);
  expect((await call('channels.list', {})).channels.map(({ name }) => name)).toContain('mail');
  expect((await call('logs.sources.list', {})).sources.map(({ id }) => id)).toEqual(['src-1', 'src-2']);
  expect((await call('logs.pipelines.list', {})).pipelines.map(({ name }) => name)).toEqual([
    'first',
    'second',
  ]);
  expect(await call('logs.remote.get', {})).toMatchObject({ source: { kind: 'server' } });
  expect(await call('remote.status', {})).toMatchObject({
    endpoints: [{ endpoint: { name: 'central' } }],
    limits: { maxBytes: 1_073_741_824 },
  });
  expect(await call('metrics.settings.get', {})).toMatchObject({ days: 60 });
  expect(await call('api.state', {})).toMatchObject({ settings: { port: 9099 }, url: null });
  expect(await call('signals.watchdog.get', {})).toMatchObject({ settings: { everyMs: 20_000 } });
  expect((await call('hosts.list', {})).hosts.map(({ name }) => name)).toContain('app-1');
});

test('what a preview has undone takes no secret along: they open after the next start', async () => {
  const first = await emptyConsole();
  const document = wholeConfiguration(first.dir);
  expect(await first.take(document, { dryRun: true })).toMatchObject({ applied: false, faults: [] });
  expect(await first.take(document)).toMatchObject({ applied: true });
  await first.engine.close();
  const again = await startEngine({ dir: first.dir, watching: false });
  if (!again.ok) throw new Error(again.error.message.en);
  onTestFinished(() => again.value.close());
  const exported = await again.value.client.call('configuration.export', { passphrase: PASSPHRASE });
  expect(exported).toMatchObject({
    ok: true,
    value: { secretsSealed: SECRETS.length + 1, secretsLeftOut: [] },
  });
});

test('without a key secrets stay behind, are named, and their settings come along', async () => {
  const first = await emptyConsole();
  await first.take(wholeConfiguration(first.dir));
  const exported = await first.call('configuration.export', {});
  expect(exported.secretsLeftOut).toContain('sshLogins/login-1#auth.password');
  const second = await emptyConsole();
  const taken = await second.take(exported.text);
  expect(taken).toMatchObject({ applied: true, faults: [], secretsTaken: 0 });
  expect(taken.secretsToEnter).toContain('sshLogins/login-1#auth.password');
  expect(taken.secretsToEnter).toHaveLength(exported.secretsLeftOut.length);
  // A console that reads its own document keeps the secrets that it has.
  const own = await first.take(exported.text);
  expect(own).toMatchObject({ secretsToEnter: [] });
  expect(own.sections.filter(({ added, changed }) => added + changed > 0)).toEqual([]);
  expect((await first.call('configuration.export', {})).secretsLeftOut).toEqual(exported.secretsLeftOut);
});

test('a secret goes along to the place that it was given for, and to no other', async () => {
  const console_ = await emptyConsole();
  await console_.take(wholeConfiguration(console_.dir));
  const { text } = await console_.call('configuration.export', {});
  const moved = text.replace('http://10.0.0.7:9200', 'http://10.6.6.6:9200');
  const taken = await console_.take(moved);
  expect(taken.applied).toBe(true);
  expect(taken.secretsToEnter).toEqual(['logOutputs/elastic#apiKey']);
});

test('commands are said first and whole, whatever else there is to say, and nothing of them hides', async () => {
  const { take } = await emptyConsole();
  const long = `true ${'#'.repeat(300)}; /tmp/more`;
  const preview = await take(
    {
      ...{ format: 'hmtt-site', version: 3 },
      logSources: Array.from({ length: 2_100 }, (_, i) => ({
        id: `s-${i}`,
        name: `s-${i}`,
        path: `/no/${i}`,
      })),
      channels: [
        { id: 'c-1', name: 'sms', settings: { type: 'command', argv: ['/tmp/send', '\u001b[2Kquiet'] } },
      ],
      backupPlans: [{ name: 'core', sources: ['/no/such'], targetDir: '/no/target', hooks: { after: long } }],
      rotationPolicies: [
        { name: 'app', paths: ['/no/app.log'], reopen: { kind: 'command', command: 'kill -HUP 1' } },
      ],
    },
    { dryRun: true },
  );
  expect(preview).toMatchObject({ faults: [], applied: false, notInForce: [] });
  const said = preview.warnings.map(({ path, message }) => `${path} ${message.en}`);
  expect(said.slice(0, 3)).toEqual([
    'channels.0 it will run the command: /tmp/send \\u{1b}[2Kquiet',
    'rotationPolicies.0 it will run the command: kill -HUP 1',
    `backupPlans.0 it will run the command: ${long}`,
  ]);
  expect(said).toHaveLength(2_000);
  expect(preview.warningCount).toBeGreaterThan(2_100);
});

test('what would leave this console by a document is said: new addresses, and files that logins are read from', async () => {
  const console_ = await emptyConsole();
  const said = async (document: unknown): Promise<readonly string[]> => {
    const { faults, warnings } = await console_.take(document, { dryRun: true, withoutSecrets: true });
    expect(faults).toEqual([]);
    return warnings
      .map(({ path, message }) => `${path} ${message.en}`)
      .filter((text) => !text.includes('is not on this machine'));
  };
  const head = { format: 'hmtt-site', version: 3 };
  const passwordFile = '/etc/shadow';
  const basicAuth = { username: 'u', passwordFile };
  const documentOf = (host: string) => ({
    ...head,
    hosts: [{ name: 'app-1', address: host, targets: [{ job: 'node', address: `${host}:9100`, basicAuth }] }],
    jobs: [
      {
        settings: { job: 'j', basicAuth },
        listed: [{ targets: ['10.0.0.1:9200'], labels: {} }],
        relabel: [{ targetLabel: '__address__', replacement: `${host}:9200` }],
      },
    ],
    sshLogins: [{ id: 'l', name: 'l', host, user: 'u', auth: { kind: 'password', passwordFile } }],
    channels: [
      { id: 'hook', name: 'hook', settings: { type: 'webhook', url: `http://${host}/`, basicAuth } },
      {
        ...{ id: 'mail', name: 'mail' },
        settings: { type: 'smtp', host, from: 'a@site', to: [`b@${host}`], security: 'none' },
      },
      { id: 'log', name: 'log', settings: { type: 'syslog', host } },
    ],
    contacts: [{ id: 'c', name: 'Li', email: `c@${host}`, via: [{ channel: 'mail', to: null }] }],
    checks: [
      { host: 'app-1', name: 'plain', what: { kind: 'http', url: `http://${host}/plain` } },
      { host: 'app-1', name: 'secret', what: { kind: 'http', url: `http://${host}/s`, bearer: 'token' } },
    ],
    logOutputs: [{ name: 'e', servers: [`http://${host}:9200`], paused: false }],
    logSearchServer: [{ kind: 'server', server: { servers: [`http://${host}:9201`], indices: 'x' } }],
    backupPlans: [
      {
        ...{ name: 'db', sources: [], targetDir: '/b' },
        databases: [{ kind: 'postgresql', name: 'pg', host, passwordFile }],
      },
    ],
    remoteWrites: [{ name: 'r', url: `http://${host}/w`, bearerTokenFile: '/etc/token' }],
    metricsSource: [{ kind: 'server', server: { url: `http://${host}/p` } }],
    watchdog: [{ url: `http://${host}/beat` }],
  });
  const file = (path: string, to: string): string => `it will read a login from the file: ${path}, for ${to}`;
  const address = (to: string): string => `it will send to a new address: ${to}`;
  const expected = (host: string): string[] => [
    `hosts.0 ${file(passwordFile, `${host}:9100`)}`,
    `jobs.0 ${file(passwordFile, `10.0.0.1:9200 → ${host}:9200`)}`,
    `sshLogins.0 ${file(passwordFile, `${host}:22`)}`,
    `channels.0 ${address(`http://${host}/`)}`,
    `channels.0 ${file(passwordFile, `http://${host}/`)}`,
    `channels.1 ${address(`${host}:25`)}`,
    `channels.1 ${address(`b@${host}`)}`,
    `channels.2 ${address(`${host}:514`)}`,
    `contacts.0 ${address(`c@${host}`)}`,
    `checks.1 ${address(`http://${host}/s`)}`,
    `logOutputs.0 ${address(`http://${host}:9200`)}`,
    `logSearchServer.0 ${address(`http://${host}:9201`)}`,
    `backupPlans.0 ${file(passwordFile, host)}`,
    `remoteWrites.0 ${address(`http://${host}/w`)}`,
    `remoteWrites.0 ${file('/etc/token', `http://${host}/w`)}`,
    `metricsSource.0 ${address(`http://${host}/p`)}`,
    `watchdog.0 ${address(`http://${host}/beat`)}`,
  ];
  expect((await said(documentOf('10.6.6.6'))).toSorted()).toEqual(expected('10.6.6.6').toSorted());
  expect((await console_.take(documentOf('10.6.6.6'))).applied).toBe(true);
  // What is so already is not said again; the same files for other addresses are.
  expect(await said(documentOf('10.6.6.6'))).toEqual([]);
  expect((await said(documentOf('10.9.9.9'))).toSorted()).toEqual(expected('10.9.9.9').toSorted());
});

test('a legal hold is neither lifted nor made shorter', async () => {
  const { call, take } = await emptyConsole();
  const holding = async (hold: object | null): Promise<unknown> => {
    const stream = { stream: 'hmtt-error', days: 400, hold };
    expect((await take({ format: 'hmtt-site', version: 3, logStreams: [stream] })).faults).toEqual([]);
    return JSON.parse((await call('configuration.export', {})).text).logStreams[0].hold;
  };
  const [short, middle, endless] = [1_000, 2_000, null].map((until) => ({
    who: 'a',
    why: 'case',
    since: 1,
    until,
  }));
  expect(await holding(middle ?? null)).toEqual(middle);
  expect(await holding(short ?? null)).toEqual(middle);
  expect(await holding(null)).toEqual(middle);
  expect(await holding(endless ?? null)).toEqual(endless);
  expect(await holding(middle ?? null)).toEqual(endless);
});

test('one wrong entry refuses all of it, and nothing of console.db has changed', async () => {
  const { dir, take, call } = await emptyConsole();
  // That somebody tried is recorded all the same, and the key that seals is made before anything is written.
  const kept = () => ({ ...rowsOf(dir), audit_entry: 0, secret_guard: 0 });
  const before = kept();
  const document = wholeConfiguration(dir);
  const wrong: readonly (readonly [string, (copy: ReturnType<typeof wholeConfiguration>) => void])[] = [
    ['checks.0.what.port', (copy) => Object.assign(copy.checks[0]?.what ?? {}, { port: 'x' })],
    ['checks.0.host', (copy) => Object.assign(copy.checks[0] ?? {}, { host: 'nobody' })],
    ['contacts.0.via.0.channel', (copy) => Object.assign(copy, { channels: [] })],
    ['sshLogins.0.via', (copy) => copy.sshLogins.pop()],
    ['ruleFiles.0.text', (copy) => Object.assign(copy.ruleFiles[0] ?? {}, { text: 'groups: 1' })],
    ['notification.0.receivers.0.targets.0', (copy) => Object.assign(copy, { contacts: [], rotas: [] })],
    ['backupPlans.0.targetDir', (copy) => Object.assign(copy.backupPlans[0] ?? {}, { targetDir: 'here' })],
    ['logPipelines.1', (copy) => Object.assign(copy.logPipelines[1] ?? {}, { name: 'first' })],
    ['logSources.0.id', (copy) => Object.assign(copy.logSources[0] ?? {}, { id: '../../etc' })],
    ['dashboards.0.rows', (copy) => Object.assign(copy.dashboards[0] ?? {}, { rows: 'many' })],
    ['reports.0.dashboards.0.uid', (copy) => Object.assign(copy, { dashboards: [] })],
    ['risks.0.colour', (copy) => Object.assign(copy.risks[0] ?? {}, { colour: 'red' })],
    ['runbooks', (copy) => Object.assign(copy, { runbooks: {} })],
  ];
  for (const [path, spoil] of wrong) {
    const copy = structuredClone(document);
    spoil(copy);
    const refused = await take(copy);
    expect(refused.applied, path).toBe(false);
    expect(
      refused.faults.map((fault) => fault.path),
      path,
    ).toContain(path);
    expect(kept(), path).toEqual(before);
  }
  expect((await call('backup.plans.list', {})).plans).toEqual([]);
});

test('what is no document of ours is refused by name', async () => {
  const { engine } = await emptyConsole();
  const head = { format: 'hmtt-site', version: 3 };
  const deep = `{"format":"hmtt-site","version":3,"hosts":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const [text, why] of [
    ['{', 'not JSON'],
    ['[]', 'not a site document'],
    ['"text"', 'not a site document'],
    [JSON.stringify({ ...head, version: 99 }), 'version is 99'],
    [JSON.stringify({ ...head, unheardOf: [] }), '"unheardOf" is not known'],
    [JSON.stringify({ ...head, version: 2, checks: [] }), '"checks" is not known in version 2'],
    ['{"format":"hmtt-site","version":3,"hosts":[],"hosts":[]}', '"hosts" stands twice'],
    ['{"format":"hmtt-site","version":3,"h\\u006fsts":[],"hosts":[]}', '"hosts" stands twice'],
    [deep, 'nested more than'],
  ] as const) {
    const answer = await engine.client.call('configuration.import', {
      fileName: 'site.json',
      text,
      dryRun: false,
    });
    expect(answer.ok, why).toBe(false);
    if (!answer.ok) expect(answer.error.message.en).toContain(why);
  }
});

test('every table of console.db is in the document, or left out for a reason', async () => {
  const { dir, call } = await emptyConsole();
  const tables = Object.keys(rowsOf(dir)).toSorted();
  expect([...Object.keys(IN_DOCUMENT), ...Object.keys(LEFT_OUT)].toSorted()).toEqual(tables);
  const { sections } = await call('configuration.export', {});
  const members = [...new Set(Object.values(IN_DOCUMENT).flat())].toSorted();
  expect(sections.map(({ section }) => section).toSorted()).toEqual(members);
  // The window has a name for each, and for nothing else.
  const asOne = ['components', 'links', 'jobs'];
  expect([...DOCUMENT_SECTIONS, ...asOne].toSorted()).toEqual(members);
});
