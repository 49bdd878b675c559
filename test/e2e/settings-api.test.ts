import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInChinese, visibleTexts } from '../helpers/page-text.ts';

/** The switch of the HTTP API, as an operator uses it. */

let run: ConsoleRun;

beforeAll(async () => {
  run = await launchConsole({ ready: true });
  await goTo(run.page, '/settings');
});

afterAll(async () => {
  await run?.close();
});

const panel = () =>
  run.page.locator('.panel', { has: run.page.locator('h2', { hasText: /HTTP API|HTTP 接口/ }) });

describe('the HTTP API in the settings', () => {
  test('is off, goes on at once, and says where', async () => {
    await panel().getByText('Off', { exact: true }).waitFor();
    await panel().getByLabel('Serve the HTTP API').check();
    await panel().getByLabel('Port').fill('0');
    await panel().getByRole('button', { name: 'Apply' }).click();
    const url = await panel().locator('code').first().innerText();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await fetch(`${url}/api/v1/query?query=1&time=1`);
    expect(await answer.json()).toEqual({
      status: 'success',
      data: { resultType: 'scalar', result: [1, '1'] },
    });
  });

  test('refuses another address without a token, and takes it with one', async () => {
    const listen = async (address: string) => {
      await panel().getByLabel('Address to listen on').fill(address);
      await panel().getByRole('button', { name: 'Apply' }).click();
    };
    await listen('0.0.0.0');
    await panel().locator('[data-error-code="API_TOKEN_NEEDED"]').waitFor();
    await panel().getByRole('button', { name: 'Make a token' }).click();
    const token = await panel()
      .locator('.notice code', { hasText: /^hmtt_/ })
      .innerText();
    await listen('0.0.0.0');
    await until('the new address', async () =>
      (await panel().locator('code').first().innerText()).includes('0.0.0.0'),
    );
    const url = (await panel().locator('code').first().innerText()).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/-/ready`)).status).toBe(401);
    expect((await fetch(`${url}/-/ready`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    await panel().getByRole('button', { name: 'Saved, hide it' }).click();
    expect(await panel().innerText()).not.toContain(token);
  });

  test('goes off, and speaks Chinese', async () => {
    const url = (await panel().locator('code').first().innerText()).replace('0.0.0.0', '127.0.0.1');
    await panel().getByLabel('Serve the HTTP API').uncheck();
    await panel().getByRole('button', { name: 'Apply' }).click();
    await panel().getByText('Off', { exact: true }).waitFor();
    await expect(fetch(`${url}/-/ready`)).rejects.toThrow();
    await run.page.locator('.top-right select').first().selectOption('zh-CN');
    await panel().getByText('已关闭', { exact: true }).waitFor();
    await settled(run.page);
    expect(untranslatedInChinese(await visibleTexts(run.page))).toEqual([]);
  });
});
