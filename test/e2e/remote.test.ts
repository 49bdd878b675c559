import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';
import { freePort } from '../helpers/ports.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';

let run: ConsoleRun;
let prometheus: Prometheus;

beforeAll(async () => {
  prometheus = await startPrometheus();
  run = await launchConsole({ ready: true });
});

afterAll(async () => {
  await run?.close();
  await prometheus?.stop();
});

test('samples go to a server that was tried and added, and pages read from it and say so', async () => {
  const { page } = run;
  const base = `http://127.0.0.1:${prometheus.port}`;
  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'Add remote write' }).click();
  const form = page.getByTestId('remote-add');
  await form.getByLabel('Write address').fill(`http://127.0.0.1:${await freePort()}/api/v1/write`);
  await form.getByRole('button', { name: 'Send a test' }).click();
  await form.locator('[data-error-code="REMOTE_UNREACHABLE"]').waitFor();
  await form.getByLabel('Write address').fill(`${base}/api/v1/write`);
  await form.getByLabel('External labels').fill('site=north');
  await form.getByRole('button', { name: 'Send a test' }).click();
  await form.getByText('The server took the test sample').waitFor();
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const endpoint = page.getByTestId('remote-endpoint');
  await endpoint.getByText('All sent').waitFor();
  await expect
    .poll(
      async () => {
        const answer = await prometheus.api<{ result: unknown[] }>('/api/v1/query?query=up{site="north"}');
        return answer.status === 'success' ? answer.data.result.length : 0;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);

  const source = page.getByTestId('remote-source');
  await source.getByLabel('A server (Prometheus HTTP API)').check();
  await source.getByLabel('Server address').fill(base);
  await source.getByRole('button', { name: 'Test' }).click();
  await source.getByText('The server works').waitFor();
  await source.getByRole('button', { name: 'Save' }).click();
  await page.getByTestId('source-banner').getByText(base).waitFor();
  await goTo(page, '/metrics');
  // A name that only the server knows.
  await page.getByText('hmtt_remote_write_test').first().waitFor();
  await page.getByTestId('source-banner').waitFor();

  await goTo(page, '/settings');
  await source.getByLabel('Local store').check();
  await source.getByRole('button', { name: 'Save' }).click();
  await page.getByTestId('source-banner').waitFor({ state: 'detached' });
  await endpoint.getByRole('button', { name: 'Remove', exact: true }).click();
  await endpoint.getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('No remote write yet.').waitFor();
});
