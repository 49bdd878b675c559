import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../renderer/locales/en/index.ts';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../helpers/engine.ts';
import { goTo } from '../helpers/go.ts';
import { type Sshd, startSshd } from '../helpers/sshd.ts';

/** A plan for the folders of a host, made in the window and run over Debian's sshd. */

const words = en.sources.remotes;
const folder = mkdtempSync(join(tmpdir(), 'hmtt-e2e-remote-'));
const onHost = join(folder, 'host/srv');
let sshd: Sshd;
let run: ConsoleRun;
let engine: EngineAccess;

beforeAll(async () => {
  mkdirSync(onHost, { recursive: true });
  writeFileSync(join(onHost, 'file'), 'of the host');
  sshd = await startSshd(join(folder, 'sshd'));
  run = await launchConsole({ ready: true });
  engine = await until('an answer of the engine', () => reachEngine(run.dataDir));
});

afterAll(async () => {
  engine?.close();
  await run?.close();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('without a login the wizard says what is missing first', async () => {
  await goTo(run.page, '/backups/plans/new');
  await run.page.locator('.wizard-foot .btn-primary').click();
  await run.page.getByText(words.noLogin).waitFor();
  await expect
    .poll(() => run.page.getByRole('button', { name: words.add, exact: true }).isDisabled())
    .toBe(true);
});

test('a plan of nothing but a host is made, and its run says what was carried', async () => {
  const { page } = run;
  const { id } = await engine.call('ssh.logins.put', {
    id: null,
    name: 'app-1',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
    via: null,
  });
  const { unknownKey } = await engine.call('ssh.logins.test', { id });
  if (unknownKey !== null) await engine.call('ssh.hostKeys.trust', unknownKey);
  await goTo(page, '/backups');
  await goTo(page, '/backups/plans/new');
  const next = page.locator('.wizard-foot .btn-primary');
  const step = (name: string) => page.locator(`[data-testid="wizard"][data-step="${name}"]`).waitFor();
  await next.click();
  await step('what');
  await page.getByLabel(en.backups.wizard.name).fill('hosts');
  await page.getByRole('button', { name: words.add, exact: true }).click();
  // Without a path it says what is missing, where the operator is.
  await page.getByText(en.sources.issue.remotePaths).waitFor();
  await page.getByLabel(words.paths).fill(onHost);
  await next.click();
  await step('where');
  await page.getByLabel(en.backups.wizard.target).fill(join(folder, 'archives'));
  for (const name of ['schedule', 'protection', 'limits', 'confirm']) {
    await next.click();
    await step(name);
  }
  await page.getByText(`app-1: ${onHost}`).waitFor();
  await page.getByRole('button', { name: en.backups.wizard.create, exact: true }).click();
  await step('done');
  const { plans } = await engine.call('backup.plans.list', {});
  expect(plans.find(({ name }) => name === 'hosts')?.remotes).toEqual([
    { name: 'app-1', login: id, paths: [onHost] },
  ]);
  const { jobId } = await engine.call('backup.run', { name: 'hosts', type: 'full', regardless: true });
  const job = await until('the end of the run', async () => {
    const found = await engine.call('jobs.get', { id: jobId });
    return found.endedAt === null ? null : found;
  });
  expect(job.error).toBeNull();
  await goTo(page, `/backups/points/${job.result?.id}`);
  await page.getByText(/1 files, 11 B; carried 1, 11 B/).waitFor();
});

test('what was lost on the host comes back to where it was, from the wizard', async () => {
  const { page } = run;
  rmSync(onHost, { recursive: true });
  const wizard = en.recovery.wizard;
  await goTo(page, '/recovery/restore');
  const next = page.locator('.wizard-foot .btn-primary');
  const step = (name: string) => page.locator(`[data-testid="wizard"][data-step="${name}"]`).waitFor();
  await page.getByText(wizard.what.everything, { exact: true }).click();
  await page.getByRole('radio', { name: /^hosts/ }).check();
  await next.click();
  await step('when');
  await page.getByRole('radio').first().check();
  await next.click();
  await step('where');
  await page.getByText(en.restore.host.title, { exact: true }).click();
  await page.getByRole('button', { name: 'Back to where it was: app-1' }).click();
  await page.getByTestId('back-to-host').waitFor();
  await page.locator('[data-testid="ready"][data-ready="true"]').waitFor();
  await next.click();
  await step('preview');
  await page.locator('[data-total="restore"]').waitFor();
  await next.click();
  await step('confirm');
  await page.locator('.confirm input').fill('hosts');
  await page.getByRole('button', { name: wizard.confirm.start, exact: true }).click();
  await step('verify');
  expect(readFileSync(join(onHost, 'file'), 'utf8')).toBe('of the host');
});
