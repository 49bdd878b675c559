import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tour, TourStep } from './tour-step.ts';

/** A second log, of JSON lines, for the pass in the other language: a source cannot be added twice. */
function gatewayLog(dir: string): string {
  const path = join(dir, 'log', 'gateway.json');
  const lines = Array.from({ length: 400 }, (_, index) => {
    const level = index % 23 === 0 ? 'error' : index % 7 === 0 ? 'warn' : 'info';
    const time = new Date(Date.now() - (400 - index) * 1_000).toISOString();
    const status = level === 'error' ? 502 : 200;
    return JSON.stringify({ time, level, message: 'upstream answered', path: '/api/orders', status });
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function addLogSource({ page, goTo, wizardNext, shot, stage, language }: Tour): Promise<void> {
  const zh = language === 'zh-CN';
  await goTo('/logs');
  if (zh) await shot('50-logs-empty');
  await goTo('/logs/sources/add');
  await page.fill('.wizard input.mono', zh ? stage.logFile : gatewayLog(stage.dir));
  await shot('51-add-log-source-where');
  await wizardNext('preview');
  await page.waitForSelector('[data-testid="table-log-preview"]');
  await shot('52-add-log-source-preview');
  await wizardNext('details');
  await page
    .locator('.wizard .fields input')
    .first()
    .fill(zh ? 'hmtt' : 'gateway');
  await shot('53-add-log-source-name');
  await wizardNext('confirm');
  await shot('54-add-log-source-confirm');
  await wizardNext('done');
  await page.waitForSelector('.wizard p[role="status"]');
  await page.waitForTimeout(1_500);
  await shot('55-add-log-source-done');
}

async function logs({ page, goTo, shot }: Tour): Promise<void> {
  await goTo('/logs?range=6h');
  await page.waitForSelector('.log-line');
  await page.waitForSelector('[data-testid="log-histogram"]');
  await shot('56-logs');
  await page.locator('.log-line:has(.level-error), .log-line:has(.level-warn)').first().click();
  await page.waitForSelector('[data-testid="log-details"]');
  await shot('57-log-line');
  await goTo('/logs?range=6h&q=%22connection+to%22+(retry');
  await page.waitForSelector('[data-error-code]');
  await shot('58-log-query-mistake');
}

async function liveTail({ page, goTo, shot }: Tour): Promise<void> {
  await goTo('/logs?tab=live&tail=');
  await page.waitForSelector('[data-tail-status="live"]');
  await page.waitForTimeout(3_000);
  await shot('59-live-tail');
  await goTo('/logs?tab=sources');
  await page.waitForSelector('[data-testid="table-log-sources"] tbody tr');
  await shot('59-log-sources');
}

/** A log is added, searched and followed. */
export const logsSteps: readonly TourStep[] = [
  { name: 'add-log-source', run: addLogSource },
  { name: 'logs', run: logs },
  { name: 'live-tail', run: liveTail },
];
