import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';
import { type SmtpServer, startSmtpServer } from '../helpers/smtp-server.ts';

let run: ConsoleRun;
let smtp: SmtpServer;
let folder = '';

beforeAll(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  folder = mkdtempSync(join(tmpdir(), 'hmtt-channels-'));
  smtp = await startSmtpServer(folder);
  run = await launchConsole({ ready: true });
});

afterAll(async () => {
  await run?.close();
  await smtp?.stop();
  const { rmSync } = await import('node:fs');
  rmSync(folder, { recursive: true, force: true });
});

test('a mail channel is filled in, tried with the relay’s own words, saved, and shown with its health', async () => {
  const { page } = run;
  await goTo(page, '/alerts?tab=channels');
  await page.getByTestId('channels').getByText('This desktop').waitFor();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const form = page.getByTestId('channel-form');
  await form.locator('[name=name]').fill('relay');
  await form.locator('[name=host]').fill('127.0.0.1');
  await form.locator('[name=port]').fill(String(smtp.port));
  await form.locator('[name=security]').selectOption('none');
  await form.locator('[name=from]').fill('hmtt@site.test');
  await form.locator('[name=to]').fill('duty@site.test');
  await form.getByRole('button', { name: 'Send a test' }).click();
  await form.getByText('250 2.0.0 queued as 1').waitFor();
  await form.locator('[name=test-to]').fill('refused@site.test');
  await form.getByRole('button', { name: 'Send a test' }).click();
  await form.getByText('550 5.1.1 no such mailbox here', { exact: true }).waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByTestId('channels').getByText('relay', { exact: true }).waitFor();
  expect(smtp.received()[0]?.to).toBe('duty@site.test');
});

test('a contact and a rota by keyboard, and who is on call is said at once', async () => {
  const { page } = run;
  await goTo(page, '/alerts?tab=contacts');
  await page.getByRole('button', { name: 'Add a contact' }).first().press('Enter');
  const contact = page.getByTestId('contact-form');
  await contact.locator('[name=name]').fill('Li');
  await contact.locator('[name=phone]').fill('139');
  await contact.locator('[name=name]').press('Enter');
  await page.getByTestId('contacts').getByText('Li', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add a rota' }).press('Enter');
  const rota = page.getByTestId('rota-form');
  await rota.locator('[name=name]').fill('Duty');
  await rota.locator('[name=name]').press('Enter');
  await page.getByTestId('on-call').getByText('Li 139').waitFor();
  await page.getByRole('button', { name: 'Swap' }).press('Enter');
  await page.getByTestId('override-form').getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByRole('cell', { name: 'nobody' }).first().waitFor();
});

test('the desktop shows a test, says so to the engine, and its sounds can be played in a page that nobody touched', async () => {
  const engine = await reachEngine(run.dataDir);
  if (engine === null) throw new Error('no engine');
  const shown = await engine.call('channels.test', { settings: { type: 'desktop' } });
  expect(shown, JSON.stringify(shown)).toMatchObject({
    ok: true,
    answer: expect.stringMatching(/shown (as a notification|by the window)/),
  });
  expect(run.log().some(({ message }) => message === 'notice')).toBe(true);
  engine.close();
  const { page } = run;
  await goTo(page, '/alerts?tab=channels');
  await page.getByRole('button', { name: 'Change This desktop' }).press('Enter');
  const form = page.getByTestId('channel-form');
  const played = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { play } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
          this.addEventListener('playing', () => resolve(`playing ${this.duration.toFixed(1)}`));
          this.addEventListener('error', () => resolve(`error ${this.error?.message}`));
          return play.call(this);
        };
      }),
  );
  await form.getByRole('button', { name: 'Listen' }).first().press('Enter');
  expect(await played).toMatch(/^playing 1\.[0-9]/);
  expect(run.refusals('policy')).toEqual([]);
});

test('an alarm takes the whole screen and gives it back', async () => {
  const { app, page } = run;
  const isFull = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((one) => one.isFullScreen()));
  const take = (wanted: boolean) =>
    page.evaluate(
      (value) =>
        (window as unknown as { shell: { takeScreen: (on: boolean) => unknown } }).shell.takeScreen(value),
      wanted,
    );
  await take(true);
  await expect.poll(isFull).toBe(true);
  await take(false);
  await expect.poll(isFull).toBe(false);
});
