import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openMetrics } from '../helpers/metrics-area.ts';
import { startNodeExporter } from '../helpers/node-exporter.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

test('a real node_exporter is stored in both formats, and answers the usual questions', async () => {
  const exporter = await startNodeExporter();
  const bench = openMetrics(temporaryFolder('exporter'), Date.now());
  const text = bench.target({ labels: { job: 'text' } });
  const openMetricsTarget = bench.target({ labels: { job: 'openmetrics' } });
  try {
    let scraped = 0;
    for (let i = 0; i < 4; i++) {
      for (const [target, accept] of [
        [text, 'text/plain;version=0.0.4'],
        [openMetricsTarget, 'application/openmetrics-text;version=1.0.0'],
      ] as const) {
        const response = await fetch(`http://${exporter.address}/metrics`, { headers: { accept } });
        const body = new Uint8Array(await response.arrayBuffer());
        bench.now = Date.now();
        const stored = target.succeed({
          time: bench.now,
          durationSeconds: 0.1,
          body,
          contentType: response.headers.get('content-type'),
        });
        if (!stored.ok) throw new Error(stored.error.message.en);
        expect(stored.value.added).toBe(stored.value.scraped);
        scraped = stored.value.scraped;
      }
      await wait(300);
    }
    expect(scraped).toBeGreaterThan(300);
    expect(await bench.ask('count(count by (job) (node_load1{job=~"text|openmetrics"}))')).toEqual({
      '': '2',
    });
    expect(await bench.ask('up')).toEqual({ up: '1' });
    const idle = Object.values(
      await bench.ask('avg(rate(node_cpu_seconds_total{job="text",mode="idle"}[1m]))'),
    );
    expect(Number(idle[0])).toBeGreaterThanOrEqual(0);
    const free = Object.values(
      await bench.ask(
        'node_memory_MemAvailable_bytes{job="text"} / on () node_memory_MemTotal_bytes{job="text"}',
      ),
    );
    expect(Number(free[0])).toBeGreaterThan(0);
    expect(Number(free[0])).toBeLessThan(1);
    expect(bench.area.store.metadata('node_load1')).toMatchObject({ type: 'gauge' });
  } finally {
    bench.area.close();
    await exporter.stop();
  }
});
