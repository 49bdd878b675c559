import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import type { Result } from '#shared/errors/index.ts';
import { groupSlots } from '../../main/engine/alerts/live/slot.ts';
import { createLiveRules } from '../../main/engine/live-rules.ts';
import { createMetricsArea } from '../../main/engine/metrics/area.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { createPromqlEngine } from '../../main/engine/promql/engine.ts';
import { consoleMigrations } from '../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../main/engine/storage/sqlite.ts';
import { serveApi, storeSources } from '../helpers/http-api.ts';
import { startPrometheus } from '../helpers/prometheus.ts';
import { silentLogger } from '../helpers/silent-logger.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const INTERVAL_MS = 1_000;

const RULES = `groups:
- name: load
  interval: 1s
  rules:
  - record: load:double
    expr: load * 2
    labels: {kind: twice}
  - alert: Busy
    expr: load:double > 10
    for: 2s
    labels: {severity: page, site: "{{ $externalLabels.site }}"}
    annotations: {summary: "{{ $labels.host }} has {{ $value | humanize }} of {{ $labels.kind }}"}
  - alert: Kept
    expr: load > 8
    keep_firing_for: 2s
  - alert: Ambiguous
    expr: load / on () load
`;

/** The load of two hosts at each second. */
const LOADS: readonly (readonly [number, number | null])[] = [
  [1, 2],
  [7, 2],
  [7.25, 6],
  [9, 6.5],
  [9.5, 6],
  [1, 7],
  [1, null],
  [1, null],
  [6, null],
  [1, null],
  [1, null],
];

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message.en);
  return result.value;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An answer without what cannot be the same: when and how long rules were evaluated, and sentences about expressions. */
function comparable(json: Json): Json {
  if (Array.isArray(json))
    return json.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (json === null || typeof json !== 'object') return json;
  const kept = Object.entries(json).filter(
    ([name]) => !/^(lastEvaluation|evaluationTime|lastError)$/.test(name),
  );
  return Object.fromEntries(
    kept.map(([name, each]) => [
      name,
      // Prometheus counts nanoseconds.
      name === 'activeAt' || name === 'keepFiringSince' ? new Date(String(each)).getTime() : comparable(each),
    ]),
  );
}

test('the same groups at the same times as Prometheus: pending, firing, kept, resolved', async () => {
  const folder = temporaryFolder('live-rules');
  const file = join(folder, 'load.yml');
  writeFileSync(file, RULES);
  const peer = await startPrometheus(
    `global: {evaluation_interval: 15s, external_labels: {site: hall}}\nrule_files: [${JSON.stringify(file)}]\n`,
  );
  mkdirSync(join(folder, 'metrics'));
  const db = value(
    openWritable(join(folder, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' }),
  );
  const deps = { clock: systemClock, timers: systemTimers, logger: silentLogger };
  const metrics = value(createMetricsArea({ ...deps, folder: join(folder, 'metrics') }));
  const rules = createLiveRules({
    ...deps,
    db,
    metrics,
    promql: createPromqlEngine({ source: metrics.store, monotonic: systemClock.monotonic }),
    defaults: () => ({ intervalMs: 15_000, externalLabels: { site: 'hall' } }),
    externalUrl: () => '',
  });
  const api = await serveApi({ ...storeSources(metrics.store), ruleGroups: rules.groups });
  const ask = async (base: string, path: string): Promise<Json> =>
    comparable((await (await fetch(base + path)).json()) as Json);
  const theirs = `http://127.0.0.1:${peer.port}`;
  const same = async (path: string): Promise<Json> => {
    // On a busy machine one of the two may evaluate a little later; nothing changes for most of a second.
    for (let tries = 5; ; tries--) {
      const [ours, expected] = await Promise.all([ask(api.url, path), ask(theirs, path)]);
      if (tries === 0 || isDeepStrictEqual(ours, expected)) {
        expect(ours, path).toEqual(expected);
        return ours;
      }
      await wait(100);
    }
  };
  try {
    value(await rules.find([file], join(folder, 'prometheus.yml'))).keep();
    await rules.start();
    const slots = groupSlots(file, 'load', INTERVAL_MS);
    // Both wait for two evaluations before they write of alerts, because they could have been running before.
    await wait(4 * INTERVAL_MS);
    const seen: string[] = [];
    for (const loads of LOADS) {
      const slot = slots.after(Date.now());
      await wait(slot + 200 - Date.now());
      const time = Date.now();
      const series = loads.flatMap((load, i) =>
        load === null ? [] : [{ labels: { __name__: 'load', host: `h${i}` }, value: load }],
      );
      const gone = loads.flatMap((load, i) => (load === null ? [{ __name__: 'load', host: `h${i}` }] : []));
      value(
        metrics.sink.compute({
          time,
          samples: series.map((each) => ({ ...each, labels: labelsFromRecord(each.labels) })),
          ended: gone.map(labelsFromRecord),
        }),
      );
      await peer.write([
        ...series.map(({ labels, value: load }) => ({ labels, samples: [{ time, value: load }] })),
        ...gone.map((labels) => ({ labels, samples: [{ time, value: 'stale' as const }] })),
      ]);
      await wait(slot + INTERVAL_MS + 100 - Date.now());
      await same('/api/v1/rules');
      await same('/api/v1/rules?type=alert');
      await same('/api/v1/rules?type=record');
      await same('/api/v1/alerts');
      for (const { name, state } of rules.groups()[0]?.rules ?? []) seen.push(`${name} ${state}`);
    }
    expect([...new Set(seen)]).toEqual(
      expect.arrayContaining([
        'Busy inactive',
        'Busy pending',
        'Busy firing',
        'Kept inactive',
        'Kept firing',
      ]),
    );
    // The series that rules gave, to the millisecond, staleness markers included: a range ends where one is.
    const now = slots.after(Date.now());
    for (const expr of ['ALERTS[1m]', 'ALERTS_FOR_STATE[1m]', 'load:double[1m]', 'ALERTS', 'load:double'])
      await same(`/api/v1/query?query=${encodeURIComponent(expr)}&time=${now / 1000 - 1}`);
    expect(JSON.stringify(await ask(api.url, '/api/v1/query?query=ALERTS[1m]'))).toContain('firing');
  } finally {
    await api.close();
    await rules.close();
    metrics.close();
    db.close();
    await peer.stop();
  }
});
