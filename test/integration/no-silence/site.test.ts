import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type HeadlessEngine, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { freePort } from '../../helpers/ports.ts';
import { folderOfFile } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

/** Does something to an engine of its own, and ends it. */
async function withEngine(work: (engine: HeadlessEngine, folder: string) => Promise<void>): Promise<void> {
  const folder = folderOfFile('no-silence-site');
  const engine = await startHeadlessEngine(join(folder, 'data'));
  try {
    await work(engine, folder);
  } finally {
    expect(await engine.stop()).toBe(0);
  }
}

/** A target that says what it is told to say. */
async function target(port: number, body: () => string): Promise<Server> {
  const server = createServer((_request, answer) => answer.end(body()));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

// Side by side, because all of them wait for what the engine looks for every few seconds.
test.concurrent('a host that dies, a target that dies or says too much, and their end', () =>
  withEngine(async (engine) => {
    const sparePort = await freePort();
    let spare = await target(sparePort, () => 'spare 1\n');
    let lines = 1;
    const mainPort = await freePort();
    let main = await target(mainPort, () => Array.from({ length: lines }, (_, i) => `m${i} 1\n`).join(''));
    const quick = { intervalMs: 1_000, timeoutMs: 900 };
    await engine.call('hosts.add', {
      name: 'app-2',
      address: '127.0.0.1',
      tier: 'business',
      labels: { rack: 'B7' },
      scrapes: [
        { job: 'app', address: `127.0.0.1:${mainPort}`, sampleLimit: 5, ...quick },
        { job: 'spare', address: `127.0.0.1:${sparePort}`, ...quick },
      ],
    });
    const about = { host: 'app-2', tier: 'business', rack: 'B7' };
    lines = 6;
    const much = { alertname: 'TargetDown', severity: 'warning', job: 'app', ...about };
    expect((await told(engine, much)).sentence.en).toContain('5');
    lines = 1;
    await ended(engine, much);

    await stop(spare);
    const half = { alertname: 'TargetDown', job: 'spare', ...about };
    await told(engine, half);
    await stop(main);
    const dead = { alertname: 'HostDown', severity: 'critical', instance: '127.0.0.1', ...about };
    await told(engine, dead);
    // It fails still: whoever was told of it must not hear that it ended.
    await told(engine, half);

    main = await target(mainPort, () => 'm0 1\n');
    spare = await target(sparePort, () => 'spare 1\n');
    await ended(engine, dead);
    await ended(engine, half);
    await Promise.all([stop(main), stop(spare)]);
  }));

test.concurrent('a log that cannot be read, and one that falls silent', () =>
  withEngine(async (engine, folder) => {
    const path = join(folder, 'app.log');
    writeFileSync(path, '2026-11-22T03:00:00Z INFO begun\n');
    const { id } = await engine.call('logs.sources.add', { name: 'app', path, host: 'app-2' });
    await engine.call('logs.sync', {});
    await engine.call('signals.logSilence.set', { sourceId: id, setting: { kind: 'after', ms: 3_000 } });
    const silent = { alertname: 'LogSilence', severity: 'warning', source: 'app', host: 'app-2' };
    await told(engine, silent);
    appendFileSync(path, '2026-11-22T03:00:01Z INFO goes on\n');
    const talk = setInterval(() => appendFileSync(path, '2026-11-22T03:00:02Z INFO and on\n'), 500);
    try {
      await ended(engine, silent);
    } finally {
      clearInterval(talk);
    }
    await engine.call('signals.logSilence.set', { sourceId: id, setting: { kind: 'never' } });

    // Unreadable for everybody, root too: a name that leads to itself.
    rmSync(path);
    symlinkSync(path, path);
    const unreadable = { alertname: 'LogSourceError', severity: 'warning', source: 'app', host: 'app-2' };
    await told(engine, unreadable);
    rmSync(path);
    writeFileSync(path, '2026-11-22T04:00:00Z INFO back\n');
    await ended(engine, unreadable);
  }));

const rules = (expr: string, limit = 0): string => `groups:
- name: odd
  interval: 1s
  limit: ${limit}
  rules:
  - alert: Odd
    expr: ${expr}
`;

test.concurrent('a rule that fails and one that gives more than its limit, while the others go on', () =>
  withEngine(async (engine) => {
    const put = (name: string, text: string) => engine.call('rules.files.put', { name, text });
    const doubled =
      'label_replace(vector(1), "a", "1", "", "") + on() group_left() (vector(1) or label_replace(vector(1), "b", "2", "", ""))';
    expect((await put('broken.yml', rules(doubled))).problems).toEqual([]);
    await put('many.yml', rules('label_replace(vector(1), "a", "1", "", "") or vector(2)', 1));
    await put('sound.yml', rules('vector(1)').replace('Odd', 'Sound'));
    const failing = (file: string, reason: string) => ({
      alertname: 'RuleFailing',
      group: 'odd',
      rule: 'Odd',
      file,
      reason,
    });
    await told(engine, failing('broken.yml', 'error'));
    await told(engine, failing('many.yml', 'limit'));
    await told(engine, { alertname: 'Sound', severity: 'warning' });
    await put('broken.yml', rules('vector(1) > 2'));
    await put('many.yml', rules('vector(1) > 2', 1));
    await ended(engine, failing('broken.yml', 'error'));
    await ended(engine, failing('many.yml', 'limit'));

    // What fails is a series too, the same at /metrics and in the store.
    const text = await (await fetch(`${engine.api}/metrics`)).text();
    for (const name of [
      'hmtt_alerts_firing{severity="critical"}',
      'hmtt_engine_crashes',
      'prometheus_rule_evaluation_failures_total{rule_group="broken.yml;odd"}',
      'hmtt_heartbeat_timestamp_seconds',
    ])
      expect(text).toContain(`\n${name} `);
    const end = Date.now() + PATIENCE_MS;
    const stored = async (): Promise<number> => {
      const query = 'prometheus_rule_evaluations_total{job="hmtt_console",rule_group="broken.yml;odd"} > 0';
      const answer = await fetch(`${engine.api}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { data } = (await answer.json()) as { data: { result: unknown[] } };
      return data.result.length;
    };
    while ((await stored()) === 0 && Date.now() < end) await wait(500);
    expect(await stored()).toBe(1);
  }));
