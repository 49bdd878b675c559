import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchConsole } from '../helpers/electron.ts';
import { reachEngine } from '../helpers/engine.ts';

test('a report is laid out by the desktop and lands in its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-reports-'));
  const run = await launchConsole({ ready: true });
  try {
    const engine = await reachEngine(run.dataDir);
    if (engine === null) throw new Error('the engine does not answer');
    expect((await engine.call('dashboards.reports.list', {})).canRender).toBe(true);
    const { id } = await engine.call('dashboards.reports.put', {
      name: 'Daily',
      cron: '0 7 * * *',
      dashboards: [{ uid: 'hmtt-site' }],
      folder,
      language: 'en',
    });
    const { jobId } = await engine.call('dashboards.reports.run', { id });
    await expect
      .poll(async () => (await engine.call('jobs.get', { id: jobId })).state, {
        timeout: 60_000,
        interval: 500,
      })
      .not.toBe('running');
    expect((await engine.call('jobs.get', { id: jobId })).error).toBeNull();
    const [file = ''] = readdirSync(folder);
    expect(file).toMatch(/^Daily-hmtt-site-\d{8}-\d{4}\.pdf$/);
    expect(readFileSync(join(folder, file)).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    engine.close();
  } finally {
    await run.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
