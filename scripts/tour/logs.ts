import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { texts } from './texts.ts';
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
  await page.waitForSelector('[data-testid="tested-lines"]');
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

async function logs({ page, goTo, shot, language }: Tour): Promise<void> {
  await goTo('/logs?range=6h');
  await page.waitForSelector('.log-line');
  await page.waitForSelector('[data-testid="log-histogram"]');
  await shot('56-logs');
  await goTo('/logs?range=6h&fields=1&q=level%3Aerror');
  await page.waitForSelector('.field-value');
  await page.locator('.log-line:has(.level-error)').first().click();
  await page.waitForSelector('[data-testid="log-details"]');
  await shot('57-log-line-and-fields');
  await goTo('/logs?range=6h&q=level%3Aerror&around=all');
  await page.waitForSelector('.log-line');
  // The line that was opened above is open still.
  const { details } = texts(language).logs;
  await page.getByRole('button', { name: details.context, exact: true }).first().click();
  await page.waitForSelector('[data-testid="log-context"] [aria-current="true"]');
  await shot('57-log-lines-around');
  await goTo('/logs?range=6h&q=%22connection+to%22+(retry');
  await page.waitForSelector('[data-error-code]');
  await shot('58-log-query-mistake');
  await goTo('/logs?tab=patterns&range=6h');
  await page.waitForSelector('[data-testid="table-log-patterns"]');
  await shot('58-log-patterns');
  await goTo('/logs?range=6h&q=level%3Aerror');
  await page.waitForSelector('.log-line');
  await page.getByRole('button', { name: texts(language).logs.export.open, exact: true }).click();
  await page.waitForSelector('[data-testid="log-export"]');
  await shot('58-log-export');
  await page.keyboard.press('Escape');
}

async function liveTail({ page, goTo, shot }: Tour): Promise<void> {
  await goTo('/logs?tab=live&tail=');
  await page.waitForSelector('[data-tail-status="live"]');
  await page.waitForTimeout(3_000);
  await shot('59-live-tail');
}

const SAMPLE = `2026-11-22 10:15:02 ERROR pool is full size=50
2026-11-22 10:15:03 INFO request served path=/api/orders status=200
java.lang.IllegalStateException: no connection
    at com.hmtt.Pool.take(Pool.java:42)
`;

async function logSources({ page, goTo, shot, language }: Tour): Promise<void> {
  const { logs: words } = texts(language);
  await goTo('/logs?tab=sources');
  await page.waitForSelector('[data-testid="table-log-sources"] tbody tr');
  await shot('59-log-sources');
  await page.getByRole('button', { name: words.test.open, exact: true }).click();
  const test = page.getByTestId('log-test');
  await test.locator('textarea').fill(SAMPLE);
  await test.getByRole('button', { name: words.test.run, exact: true }).click();
  await page.waitForSelector('[data-testid="tested-lines"]');
  await shot('59-log-sample');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.receivers.add, exact: true }).click();
  await page.waitForSelector('[data-testid="log-receiver-form"]');
  await shot('59-log-receiver');
  await page.keyboard.press('Escape');
}

const LOGSTASH = `input { file { path => "/var/log/hmtt/*.log" start_position => "beginning" } }
filter {
  if [loglevel] == "ERROR" { mutate { add_tag => ["error"] } }
}
output {
  if "error" in [tags] {
    elasticsearch { hosts => ["http://localhost:9200"] index => "hmtt-error-%{+YYYY.MM.dd}" }
  } else {
    elasticsearch { hosts => ["http://localhost:9200"] index => "hmtt-logs-%{+YYYY.MM.dd}" }
  }
}
`;

async function pipelines({ page, goTo, shot, language }: Tour): Promise<void> {
  const { pipelines: words, common } = texts(language);
  await goTo('/logs?tab=pipelines');
  await page.getByRole('button', { name: words.logstash.open, exact: true }).click();
  const form = page.getByTestId('logstash-import');
  await form.locator('textarea').fill(LOGSTASH);
  await form.getByRole('button', { name: words.logstash.look, exact: true }).click();
  await page.waitForSelector('[data-testid="logstash-found"]');
  await shot('60-logstash-import');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.list.new, exact: true }).first().click();
  const edit = page.getByTestId('pipeline-form');
  await edit.getByLabel(words.edit.name).fill(language === 'zh-CN' ? '错误分流' : 'errors');
  await edit.locator('select').last().selectOption('mutate');
  await edit.getByLabel(words.option.addTag).fill('error');
  await edit.getByLabel(words.edit.when).fill('[level] == "error"');
  const preview = page.getByTestId('pipeline-preview');
  await preview.getByRole('button', { name: words.preview.look, exact: true }).click();
  await page.waitForSelector('.preview-events > li');
  await shot('60-log-pipeline');
  await edit.getByRole('button', { name: common.action.save, exact: true }).click();
  await page.waitForSelector('[data-testid="pipeline"]');
  await shot('60-log-pipelines');
  await goTo('/logs?tab=pipelines&view=masking');
  // What is hidden on export is on from the beginning.
  await page.getByLabel(words.masking.at).selectOption('export');
  await page
    .locator('textarea')
    .fill('login user=zhang password=Tr0ub4dor phone=13800138000 token=eyJhbGciOiJIUzI1NiJ9');
  await page.waitForSelector('[data-testid="masked-lines"] li');
  await shot('60-log-masking');
}

async function rotation({ page, goTo, shot, stage, language }: Tour): Promise<void> {
  const { rotation: words, common } = texts(language);
  const zh = language === 'zh-CN';
  await goTo('/logs?tab=rotation');
  await page.getByRole('button', { name: words.policies.new, exact: true }).first().click();
  const form = page.getByTestId('rotation-form');
  await form.getByLabel(words.form.name, { exact: true }).fill(zh ? 'hmtt' : 'gateway');
  await form.getByLabel(words.form.paths).fill(join(stage.dir, 'log', zh ? 'hmtt.log' : 'gateway.json'));
  await page.waitForSelector('[data-testid="rotation-forecast"]');
  await page.waitForTimeout(800);
  await shot('61-rotation-policy');
  await form.getByRole('button', { name: common.action.save, exact: true }).click();
  const card = page.locator(`[data-testid="rotation-policy"][data-policy="${zh ? 'hmtt' : 'gateway'}"]`);
  await card.getByRole('button', { name: words.policies.run, exact: true }).click();
  await page.waitForSelector('[data-testid="job"][data-job-state="done"]', { timeout: 90_000 });
  await shot('61-rotation-policies');
  await goTo('/logs?tab=rotation&view=history');
  await page.locator('.rotation-head').first().click();
  await shot('61-rotation-run');
  await goTo('/logs?tab=rotation&view=segments');
  await page.getByRole('button', { name: words.verify.run, exact: true }).click();
  await page.waitForSelector('[data-testid="verify-report"]');
  await shot('61-rotation-segments');
  const archive = page.getByTestId('archive-search');
  await page.waitForSelector('[data-testid="archive-search"] .expression-editor[data-ready="true"]');
  await archive.getByLabel(words.archive.label).fill(zh ? 'connection' : 'level:error');
  await page.keyboard.press('Enter');
  await page.locator('.archive-hits > li button').first().waitFor();
  await page.locator('.archive-hits > li button').nth(1).click();
  await page.waitForSelector('[data-testid="archive-context"] [aria-current="true"]');
  await shot('61-rotation-lines-around');
  await goTo('/logs?tab=rotation&view=retention');
  await page.waitForSelector('[data-testid="log-retention"]');
  await shot('61-log-retention');
}

/** A log is added, searched, followed, changed on its way, and rotated. */
export const logsSteps: readonly TourStep[] = [
  { name: 'add-log-source', run: addLogSource },
  { name: 'logs', run: logs },
  { name: 'live-tail', run: liveTail },
  { name: 'log-sources', run: logSources },
  { name: 'log-pipelines', run: pipelines },
  { name: 'log-rotation', run: rotation },
];
