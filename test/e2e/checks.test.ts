import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo } from '../helpers/go.ts';

let run: ConsoleRun;
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = address !== null && typeof address === 'object' ? address.port : 0;
  run = await launchConsole({ language: 'en', ready: true });
});
afterAll(async () => {
  await run?.close();
  server?.close();
});

test('a check is entered, tried, kept, and part of the test of its host', async () => {
  const { page } = run;
  await goTo(page, '/hosts/this-workstation');
  await page.getByRole('button', { name: 'Add a check' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a check' });
  await dialog.getByLabel('Name', { exact: true }).fill('mail');
  await dialog.getByLabel('Kind').selectOption('tcp');
  await dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('Port').fill(String(port));
  await dialog.getByLabel('Expected content').fill('220 mail');
  await dialog.getByRole('button', { name: 'Try it first' }).click();
  await dialog.getByTestId('check-run').waitFor();
  await expect.poll(() => dialog.getByTestId('check-run').innerText()).toContain('220 mail ready');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByTestId('checks').getByRole('row').filter({ hasText: 'mail' });
  await expect.poll(() => row.innerText()).toContain('220 mail ready');

  await page.getByRole('button', { name: 'Test this host' }).click();
  await page.getByTestId('host-test').getByTestId('check-run').nth(1).waitFor();
  const tested = await page.getByTestId('host-test').innerText();
  expect(tested).toContain('this-workstation');
  expect(tested).toContain('connect');
  await row.getByRole('button', { name: 'Remove mail' }).click();
  await page.getByTestId('checks').waitFor({ state: 'detached' });
});

test('the secret of a check is made in place, is chosen by its name, and never shown again', async () => {
  const { page } = run;
  await goTo(page, '/hosts/this-workstation');
  await page.getByRole('button', { name: 'Add a check' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a check' });
  await dialog.getByLabel('Name', { exact: true }).fill('database');
  await dialog.getByLabel('Kind').selectOption('postgresql');
  await dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('Port').fill(String(port));
  await dialog.getByLabel('User', { exact: true }).fill('hmtt');
  await dialog.getByRole('button', { name: 'New secret' }).click();
  const made = dialog.getByRole('group', { name: 'New secret' });
  const name = await made.locator('input[name="secretName"]').inputValue();
  expect(name).toMatch(/\.password$/);
  await made.locator('input[name="secretText"]').fill('correct horse battery');
  // Enter keeps the secret, not the check.
  await made.locator('input[name="secretText"]').press('Enter');
  await made.waitFor({ state: 'detached' });
  await expect.poll(() => dialog.locator('select[name="password"]').inputValue()).toBe(name);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByTestId('checks').getByRole('row').filter({ hasText: 'database' });
  await row.getByRole('button', { name: /^Change/ }).click();
  const again = page.getByRole('dialog');
  const ofHost = again.locator(
    'select[name="password"] optgroup[label="Used by checks of this host"] option',
  );
  await expect.poll(() => ofHost.allTextContents()).toEqual([name]);
  expect(await page.content()).not.toContain('correct horse battery');
  await again.getByRole('button', { name: 'Cancel' }).click();
  await row.getByRole('button', { name: 'Remove database' }).click();
  await page.getByTestId('checks').waitFor({ state: 'detached' });
});
