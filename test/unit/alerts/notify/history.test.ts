import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_DEPENDENCIES } from '../../../../main/engine/alerts/notify/causes.ts';
import { DEFAULT_CONFIG } from '../../../../main/engine/alerts/notify/default-config.ts';
import { openHistory } from '../../../../main/engine/alerts/notify/history.ts';
import { createTracer } from '../../../../main/engine/alerts/notify/model.ts';
import { planNotices } from '../../../../main/engine/alerts/notify/plan.ts';
import { compileRouting } from '../../../../main/engine/alerts/notify/routing.ts';
import { openNotifyStore } from '../../../../main/engine/alerts/notify/store.ts';
import { consoleMigrations } from '../../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../../main/engine/storage/sqlite.ts';
import { notifySite, value } from '../../../helpers/notify-area.ts';
import { EMPTY_STATE, NOON, problemOf } from '../../../helpers/notify-bench.ts';
import { temporaryFolder } from '../../../helpers/temp-folder.ts';

const MINUTE = 60_000;

test('history, its export, and statistics', async () => {
  const { open, end, advance, ask, clock } = notifySite();
  for (let turn = 0; turn < 3; turn++) {
    open(
      problemOf(
        'a',
        { alertname: 'Down', host: '=cmd()' },
        { sentence: { zh: '主机“甲”，坏了', en: 'It, "a", is down' } },
      ),
    );
    advance(2 * MINUTE);
    if (turn === 1)
      value(await ask('notify.acknowledge', { ids: ['a'], by: 'Li', note: 'x', remindAfterMs: null }));
    end('a');
    advance(30 * MINUTE);
  }
  const span = { from: NOON, to: clock.now(), matchers: [] };
  const { records, total } = value(await ask('notify.history', { ...span, limit: 2, offset: 0 }));
  expect([records.length, total]).toEqual([2, 3]);
  expect(records[1]).toMatchObject({ acknowledgedBy: 'Li', notices: 2, openings: 1 });
  const csv = value(await ask('notify.history.export', { ...span, format: 'csv', locale: 'zh' }));
  expect(csv.rows).toBe(3);
  expect(csv.text.startsWith('\ufeff开始,结束,')).toBe(true);
  expect(csv.text).toContain('主机“甲”，坏了');
  // A spreadsheet must not run what an alert says.
  expect(csv.text).toContain(",'=cmd(),");
  const lines = value(await ask('notify.history.export', { ...span, format: 'ndjson', locale: 'en' })).text;
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).labels.alertname),
  ).toEqual(['Down', 'Down', 'Down']);
  const broken = { ...span, matchers: [{ name: 'host', op: '=~' as const, value: '(' }] };
  for (const answer of [
    await ask('notify.history', { ...broken, limit: 2, offset: 0 }),
    await ask('notify.history.export', { ...broken, format: 'csv', locale: 'zh' }),
  ])
    expect(answer).toMatchObject({ error: { code: 'NOTIFY_EXPRESSION', field: 'matchers.0.value' } });
  const { statistics, totals } = value(await ask('notify.statistics', { from: NOON, to: clock.now() }));
  expect(statistics.map(({ name, alerts, marks }) => [name, alerts, marks])).toEqual([
    ['Down', 3, []],
    ['Never', 0, ['never_fired']],
  ]);
  expect(totals).toMatchObject({ alerts: 3, notices: 6, acknowledged: 1, ignored: 2 });
  expect(totals.meanToResolveMs).toBeGreaterThan(110_000);
});

test('what is older than history is kept is forgotten, and nothing else', async () => {
  const { open, end, advance, ask, clock } = notifySite();
  const { config, revision } = value(await ask('notify.config.get', {}));
  const short = { ...config, settings: { ...config.settings, historyDays: 1 } };
  value(await ask('notify.config.set', { config: short, revision, dryRun: false }));
  open(problemOf('old', { alertname: 'Old' }));
  open(problemOf('lasting', { alertname: 'Lasting' }));
  advance(2 * MINUTE);
  end('old');
  advance(26 * 60 * MINUTE);
  const { records } = value(
    await ask('notify.history', { from: 0, to: clock.now(), matchers: [], limit: 10, offset: 0 }),
  );
  expect(records.map(({ problem }) => problem.id)).toEqual(['lasting']);
  expect((await ask('notify.why', { id: 'old' })).ok).toBe(false);
  expect(value(await ask('notify.why', { id: 'lasting' })).entries[0]?.kind).toBe('observed');
}, 60_000);

test('of a very long story the first and the last entries are kept', () => {
  const file = join(temporaryFolder('notify-story'), 'console.db');
  const db = value(openWritable(file, { migrations: consoleMigrations, synchronous: 'FULL' }));
  const store = openNotifyStore(db);
  const alert = { ...problemOf('a', {}), since: NOON };
  const planned = planNotices(EMPTY_STATE, {
    now: NOON,
    problems: [alert],
    routing: compileRouting(DEFAULT_CONFIG, 1),
    silences: [],
    maintenances: [],
    dependencies: NO_DEPENDENCIES,
    newId: () => 'n',
  });
  store.save(EMPTY_STATE, { ...planned, trace: [] }, []);
  const { trace, entries } = createTracer(NOON);
  for (let nth = 0; nth < 3_000; nth++)
    trace({ id: 'a', since: NOON }, { kind: 'opened', text: { zh: String(nth), en: String(nth) } });
  store.addTrace(entries);
  store.forget(0);
  const story = openHistory(db)
    .story('a', NOON)
    .map(({ text }) => Number(text.en));
  expect([story.length, story[0], story[249], story[250], story.at(-1)]).toEqual([
    1_000, 0, 249, 2_250, 2_999,
  ]);
});
